// Operators of one tensor, element by element.

import { ShapeError } from "../../base/errors.ts";
import { float32, formatShape } from "../../base/spec.ts";
import { call, constant, detached, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { unrepeated } from "./broadcasting.ts";
import { ofType } from "./shapes.ts";

/** -x */
export function negate(x: Tensor): Tensor {
  return differentiable(call("negate", x, x, x.size), (gradient) => [[x, () => negate(gradient)]]);
}

/** |x|; the derivative at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return differentiable(call("abs", x, x, x.size), (gradient) => [
    [x, () => call("absAdjoint", x, gradient, x, x.size)],
  ]);
}

/** √x, with derivative 1 / 2√x. */
export function sqrt(x: Tensor): Tensor {
  const y = call("sqrt", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("sqrtAdjoint", x, gradient, y, x.size)]]);
}

/** eˣ, its own derivative. */
export function exp(x: Tensor): Tensor {
  const y = call("exp", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("multiply", x, gradient, y, ...unrepeated(x.size))]]);
}

/** The natural logarithm, with derivative 1 / x. */
export function log(x: Tensor): Tensor {
  return differentiable(call("log", x, x, x.size), (gradient) => [
    [x, () => call("divide", x, gradient, x, ...unrepeated(x.size))],
  ]);
}

/** tanh x, with derivative 1 - tanh² x. */
export function tanh(x: Tensor): Tensor {
  const y = call("tanh", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("tanhAdjoint", x, gradient, y, x.size)]]);
}

/** 1 / (1 + e⁻ˣ), with derivative y (1 - y). */
export function sigmoid(x: Tensor): Tensor {
  const y = call("sigmoid", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("sigmoidAdjoint", x, gradient, y, x.size)]]);
}

/**
 * eˣ - 1 - x, by how much eˣ is above its tangent at 0, of which no digits are lost where x is small; the derivative is
 * eˣ - 1.
 */
export function expExcess(x: Tensor): Tensor {
  return differentiable(call("expExcess", x, x, x.size), (gradient) => [
    [x, () => call("expExcessAdjoint", x, gradient, x, x.size)],
  ]);
}

/**
 * log(1 - tanh² x), the logarithm of the slope of tanh, as 2 (log 2 - |x| - log(1 + exp(-2|x|))), so that no digits are
 * lost where tanh is near 1; the derivative is -2 tanh x.
 */
export function tanhLogSlope(x: Tensor): Tensor {
  return differentiable(call("tanhLogSlope", x, x, x.size), (gradient) => {
    const product = (a: Tensor, b: Tensor) => call("multiply", x, a, b, ...unrepeated(x.size));
    const twice = (y: Tensor) => call("add", x, y, y, ...unrepeated(x.size));
    return [[x, () => negate(twice(product(gradient, tanh(detached(x)))))]];
  });
}

/** max(x, 0); the derivative at 0 is 0. */
export function relu(x: Tensor): Tensor {
  const y = call("relu", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("reluAdjoint", x, gradient, y, x.size)]]);
}

/** x where x > 0, else eˣ - 1, with derivative y + 1 there (Clevert et al., 2016, arXiv 1511.07289, with α = 1). */
export function elu(x: Tensor): Tensor {
  const y = call("elu", x, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("eluAdjoint", x, gradient, y, x.size)]]);
}

/** x s with s = 1 / (1 + e⁻ˣ), with derivative s + x s (1 - s) (Elfwing et al., 2018, arXiv 1702.03118). */
export function silu(x: Tensor): Tensor {
  return differentiable(call("silu", x, x, x.size), (gradient) => [
    [x, () => call("siluAdjoint", x, gradient, x, x.size)],
  ]);
}

/** x limited to [low, high], scalars; the derivative is 1 inside, ends included, and 0 outside. */
export function clamp(x: Tensor, low: Tensor | number, high: Tensor | number): Tensor {
  const lowest = typeof low === "number" ? constant(low) : low;
  const highest = typeof high === "number" ? constant(high) : high;
  for (const bound of [lowest, highest]) {
    if (bound.size !== 1) throw new ShapeError(`clamp: a bound ${formatShape(bound.shape)}; it has to be a scalar`);
  }
  return differentiable(call("clamp", x, x, lowest, highest, x.size), (gradient) => [
    [x, () => call("clampAdjoint", x, gradient, x, lowest, highest, x.size)],
  ]);
}

/** Bytes as numbers from 0 to 255. */
export function toFloat32(x: Tensor<"uint8">): Tensor {
  ofType("toFloat32", x, "uint8");
  return call("toFloat32", float32(x.shape), x, x.size);
}
