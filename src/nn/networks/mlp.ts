// Fully connected layers, one after the other.

import { sizeOf } from "../../base/spec.ts";
import type { Activation } from "../../tensor/operators/matmul.ts";
import { Linear } from "../layers.ts";
import { flat } from "./flat.ts";
import type { Network } from "./network.ts";

/** Linear layers of these sizes, each with the activation, over the numbers of an observation. */
export function mlp(sizes: readonly number[], activation: Activation): Network {
  return (parameters, name, observation) => {
    const inputs = sizeOf(observation.shape);
    const layers = sizes.map(
      (size, index) => new Linear(parameters, `${name}.${index}`, sizes[index - 1] ?? inputs, size, { activation }),
    );
    return {
      features: sizes.at(-1) ?? inputs,
      layers: layers.length,
      forward: (observations) => ({
        features: layers.reduce((hidden, layer) => layer.forward(hidden), flat(observations)),
      }),
    };
  };
}
