// proximal/io: the safetensors format.

export type { NamedTensor } from "../base/spec.ts";
export { decodeSafetensors, encodeSafetensors, type TensorFile } from "./safetensors.ts";
