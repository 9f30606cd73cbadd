// Fully connected layers, one after the other.

import { sizeOf } from "../../base/spec.ts";
import type { Activation } from "../../tensor/operators/matmul.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Linear } from "../layers.ts";
import type { Parameters } from "../parameters.ts";
import { flat } from "./flat.ts";
import type { Network } from "./network.ts";

/** Makes a layer that ends with an activation, under a name. */
export type MakeLayer = (
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
  activation: Exclude<Activation, "none">,
) => { forward(x: Tensor): Tensor };

const linear: MakeLayer = (parameters, name, inputs, outputs, activation) =>
  new Linear(parameters, name, inputs, outputs, { activation });

/** Layers of these sizes over the numbers of an observation, each with the activation: linear ones unless given. */
export function mlp(
  sizes: readonly number[],
  activation: Exclude<Activation, "none">,
  layer: MakeLayer = linear,
): Network {
  return (parameters, name, observation) => {
    const inputs = sizeOf(observation.shape);
    const layers = sizes.map((size, index) =>
      layer(parameters, `${name}.${index}`, sizes[index - 1] ?? inputs, size, activation),
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
