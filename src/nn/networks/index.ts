// The networks, by what the hyper-parameters call them.

import type { Activation } from "../../tensor/operators/matmul.ts";
import { mlp } from "./mlp.ts";
import type { Network } from "./network.ts";

/** What names a network. */
export interface BodyOptions {
  /** Sizes of the hidden layers. */
  readonly hiddenSizes: readonly number[];
  /** Activation of the hidden layers. */
  readonly activation: Exclude<Activation, "none">;
}

/** The network of this name. */
export function networkFor({ hiddenSizes, activation }: BodyOptions): Network {
  return mlp(hiddenSizes, activation);
}
