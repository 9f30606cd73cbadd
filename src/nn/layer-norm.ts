// A layer that normalises its features.

import { checkNames } from "../base/ranges.ts";
import { layerNorm } from "../tensor/operators/normalization.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constantInitializer } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** (x - mean) / √(variance + epsilon) · weight + bias in each row, weight one and bias zero at first. */
export class LayerNorm {
  /** [features] */
  readonly weight: Tensor;
  /** [features] */
  readonly bias: Tensor;
  /** What the variance is increased by. */
  readonly epsilon: number;

  /** Declares `${name}.weight` and `${name}.bias`; epsilon is 1e-5 unless given. */
  constructor(parameters: Parameters, name: string, features: number, options: { epsilon?: number } = {}) {
    checkNames(`LayerNorm ${name}`, options, ["epsilon"]);
    this.weight = parameters.declare(`${name}.weight`, [features], constantInitializer(1));
    this.bias = parameters.declare(`${name}.bias`, [features], constantInitializer(0));
    this.epsilon = options.epsilon ?? 1e-5;
  }

  /** [batch, features] -> [batch, features] */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, this.epsilon);
  }
}
