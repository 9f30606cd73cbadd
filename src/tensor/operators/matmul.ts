// Matrix products, and the linear layer that is one with a bias and an activation.

import { ShapeError } from "../../base/errors.ts";
import { type DataType, float32, formatShape } from "../../base/spec.ts";
import type { Engine } from "../../engine/engine.ts";
import { call, differentiable, scratch } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { silu } from "./elementwise.ts";
import { matrix } from "./shapes.ts";

/** What a linear layer may end with. */
export type Activation = "tanh" | "relu" | "elu" | "silu" | "none";

/** Those that the kernel of the product ends with: their derivatives are had from the output alone. */
export const activationCode = { none: 0, tanh: 1, relu: 2, elu: 3 };

/** a · b: [m, k] x [k, n] -> [m, n] */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const { m, k, n } = sizes("matmul", a, b);
  return differentiable(call("matmul", float32([m, n]), a, b, 0, m, k, n, 0, workspace(a.engine, k, n)), (gradient) => [
    [a, () => matmulNT(gradient, b, m, n, k)],
    [b, () => matmulTN(a, gradient, k, m, n)],
  ]);
}

/**
 * activation(x · weight + bias): [batch, in] x [in, out] + [out] -> [batch, out], in one kernel, or two with "silu".
 * With dz the gradient before the activation, the gradients are dz · weightᵀ, xᵀ · dz and the sum of dz over the batch.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor, activation: Activation = "none"): Tensor {
  if (activation === "silu") return silu(linear(x, weight, bias));
  const { m: batch, k: inputs, n: outputs } = sizes("linear", x, weight);
  if (bias.shape.length !== 1 || bias.size !== outputs) {
    throw new ShapeError(`linear: bias ${formatShape(bias.shape)} for ${outputs} outputs; it has to be [${outputs}]`);
  }
  const code = activationCodeOf("linear", activation);
  const y = call(
    "matmul",
    float32([batch, outputs]),
    x,
    weight,
    bias,
    batch,
    inputs,
    outputs,
    code,
    workspace(x.engine, inputs, outputs),
  );
  return differentiable(y, (gradient) => {
    const dz = activation === "none" ? gradient : call(`${activation}Adjoint`, y, gradient, y, y.size);
    return [
      [x, () => matmulNT(dz, weight, batch, outputs, inputs)],
      [weight, () => matmulTN(x, dz, inputs, batch, outputs)],
      [bias, () => call("sumRows", bias, dz, batch, outputs)],
    ];
  });
}

/** What a kernel calls an activation. */
export function activationCodeOf(operator: string, activation: Exclude<Activation, "silu">): number {
  const code = activationCode[activation];
  if (code !== undefined) return code;
  const known = [...Object.keys(activationCode), "silu"].join(" or ");
  throw new ShapeError(`${operator}: activation ${activation}; it has to be ${known}`);
}

/** a[m, k] · b[n, k]ᵀ */
function matmulNT(a: Tensor, b: Tensor, m: number, k: number, n: number): Tensor {
  return call("matmulNT", float32([m, n]), a, b, m, k, n, workspace(a.engine, k, n));
}

/** a[k, m]ᵀ · b[k, n] */
function matmulTN(a: Tensor, b: Tensor, m: number, k: number, n: number): Tensor {
  // Of one column it is b as a row, times a: the same sums, read as they lie.
  if (n === 1) return call("matmul", float32([m, n]), b, a, 0, 1, k, m, 0, workspace(a.engine, k, m));
  return call("matmulTN", float32([m, n]), a, b, m, k, n, workspace(a.engine, k, n));
}

function workspace(engine: Engine, k: number, n: number): Tensor<DataType> {
  return scratch(engine.kernels.matmulScratch(k, n));
}

function sizes(operator: string, a: Tensor, b: Tensor): { m: number; k: number; n: number } {
  const [m, k] = matrix(operator, a);
  const [inner, n] = matrix(operator, b);
  if (k !== inner) {
    throw new ShapeError(
      `${operator}: ${formatShape(a.shape)} x ${formatShape(b.shape)}: inner sizes ${k} and ${inner} differ`,
    );
  }
  return { m, k, n };
}
