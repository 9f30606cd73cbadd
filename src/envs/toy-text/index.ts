// proximal/envs/toy-text: Gymnasium's family of boards and cards, for those who make one with options of their own. By
// their names they are there without it.

export type { ToyTextActions, ToyTextObservations } from "./actions.ts";
export { Blackjack, type BlackjackOptions } from "./blackjack.ts";
export { CliffWalking, type CliffWalkingOptions } from "./cliff-walking.ts";
export { FrozenLake, type FrozenLakeOptions } from "./frozen-lake.ts";
export { toyText } from "./registrations.ts";
export { Taxi } from "./taxi.ts";
