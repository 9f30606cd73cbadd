// Fully connected layers, one after the other.

import { sizeOf } from "../../base/spec.ts";
import { elu, relu, silu, tanh } from "../../tensor/operators/elementwise.ts";
import type { Activation } from "../../tensor/operators/matmul.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { LayerNorm, Linear } from "../layers.ts";
import type { Parameters } from "../parameters.ts";
import { flat } from "./flat.ts";
import type { Network } from "./network.ts";

const activations = { elu, relu, silu, tanh } as const;

/**
 * Linear layers of these sizes over the numbers of an observation, each with the activation, and a normalisation of its
 * features before that where it is asked for.
 */
export function mlp(sizes: readonly number[], activation: Exclude<Activation, "none">, hasLayerNorm = false): Network {
  return (parameters, name, observation) => {
    const inputs = sizeOf(observation.shape);
    const layers = sizes.map((size, index) => {
      const place = `${name}.${index}`;
      const from = sizes[index - 1] ?? inputs;
      if (hasLayerNorm) return normalized(parameters, place, from, size, activation);
      return new Linear(parameters, place, from, size, { activation });
    });
    return {
      features: sizes.at(-1) ?? inputs,
      layers: layers.length,
      forward: (observations) => ({
        features: layers.reduce((hidden, layer) => layer.forward(hidden), flat(observations)),
      }),
    };
  };
}

/** activation(layerNorm(x · weight + bias)), whose normalisation is declared as `${name}.norm`. */
function normalized(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
  activation: keyof typeof activations,
) {
  const linear = new Linear(parameters, name, inputs, outputs);
  const norm = new LayerNorm(parameters, `${name}.norm`, outputs);
  return { forward: (x: Tensor) => activations[activation](norm.forward(linear.forward(x))) };
}
