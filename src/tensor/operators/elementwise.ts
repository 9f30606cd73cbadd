// Operators of one tensor, element by element.

import { call, constant, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/** -x */
export function negate(x: Tensor): Tensor {
  return differentiable(call("negate", x.shape, x, x.size), (gradient) => [[x, () => negate(gradient)]]);
}

/** |x|; the derivative at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return differentiable(call("abs", x.shape, x, x.size), (gradient) => [
    [x, () => call("absAdjoint", x.shape, gradient, x, x.size)],
  ]);
}

/** √x, with derivative 1 / 2√x. */
export function sqrt(x: Tensor): Tensor {
  const y = call("sqrt", x.shape, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("sqrtAdjoint", x.shape, gradient, y, x.size)]]);
}

/** eˣ, its own derivative. */
export function exp(x: Tensor): Tensor {
  const y = call("exp", x.shape, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("multiply", x.shape, gradient, y, 1, x.size, 0, 4, 0, 4)]]);
}

/** The natural logarithm, with derivative 1 / x. */
export function log(x: Tensor): Tensor {
  return differentiable(call("log", x.shape, x, x.size), (gradient) => [
    [x, () => call("divide", x.shape, gradient, x, 1, x.size, 0, 4, 0, 4)],
  ]);
}

/** tanh x, with derivative 1 - tanh² x. */
export function tanh(x: Tensor): Tensor {
  const y = call("tanh", x.shape, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("tanhAdjoint", x.shape, gradient, y, x.size)]]);
}

/** 1 / (1 + e⁻ˣ), with derivative y (1 - y). */
export function sigmoid(x: Tensor): Tensor {
  const y = call("sigmoid", x.shape, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("sigmoidAdjoint", x.shape, gradient, y, x.size)]]);
}

/** max(x, 0); the derivative at 0 is 0. */
export function relu(x: Tensor): Tensor {
  const y = call("relu", x.shape, x, x.size);
  return differentiable(y, (gradient) => [[x, () => call("reluAdjoint", x.shape, gradient, y, x.size)]]);
}

/** x limited to [low, high], scalars; the derivative is 1 inside, ends included, and 0 outside. */
export function clamp(x: Tensor, low: Tensor | number, high: Tensor | number): Tensor {
  const lowest = typeof low === "number" ? constant(low) : low;
  const highest = typeof high === "number" ? constant(high) : high;
  return differentiable(call("clamp", x.shape, x, lowest, highest, x.size), (gradient) => [
    [x, () => call("clampAdjoint", x.shape, gradient, x, lowest, highest, x.size)],
  ]);
}
