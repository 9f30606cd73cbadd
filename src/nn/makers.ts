// What makes the head and the networks of a policy. Those of a policy that chooses among actions by an MLP are at hand;
// all others are one part, which is loaded where it is needed: a page without images carries no convolution.

import type { Discrete, Space } from "../spaces/index.ts";
import { DiscreteHead } from "./heads/discrete.ts";
import type { ActionHead, HeadOptions } from "./heads/head.ts";
import type { BodyOptions } from "./networks/index.ts";
import { mlp } from "./networks/mlp.ts";
import type { Network } from "./networks/network.ts";

/** What makes a head for a space, and the network that hyper-parameters name. */
export interface Makers {
  /** As `headFor` of heads/index.ts. */
  headFor(space: Space, options: HeadOptions): ActionHead;
  /** As `networkFor` of networks/index.ts. */
  networkFor(options: BodyOptions): Network;
}

const plain: Makers = {
  headFor: (space) => new DiscreteHead(space as Discrete),
  networkFor: ({ hiddenSizes, activation }) => mlp(hiddenSizes, activation),
};

/** What makes the head and the networks for these, loaded. */
export async function makersFor(space: Space, { network, memory, layerNorm }: BodyOptions): Promise<Makers> {
  const isPlain = space.type === "Discrete" && network === "mlp" && memory === "none" && !layerNorm;
  return isPlain ? plain : import("./all-makers.ts");
}
