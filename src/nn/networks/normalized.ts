// A fully connected layer that normalises its features.

import { elu, relu, silu, tanh } from "../../tensor/operators/elementwise.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../layers.ts";
import type { MakeLayer } from "./mlp.ts";

const activations = { elu, relu, silu, tanh } as const;

/** activation(layerNorm(x · weight + bias)), whose normalisation is declared as `${name}.norm`. */
export const normalized: MakeLayer = (parameters, name, inputs, outputs, activation) => {
  const linear = new Linear(parameters, name, inputs, outputs);
  const norm = new LayerNorm(parameters, `${name}.norm`, outputs);
  return { forward: (x) => activations[activation](norm.forward(linear.forward(x))) };
};
