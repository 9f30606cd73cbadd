// Every head and every network.

export { headFor } from "./heads/index.ts";
export { networkFor } from "./networks/index.ts";
