// Matrix products, and the linear layer that is one with a bias and an activation.

import type { Engine } from "../../engine/engine.ts";
import { ShapeError } from "../../engine/errors.ts";
import { call, differentiable, scratch } from "../tape.ts";
import { formatShape, type Tensor } from "../tensor.ts";
import { matrix } from "./reduce.ts";

export type Activation = "tanh" | "relu" | "none";

const activationCode = { none: 0, tanh: 1, relu: 2 };

/** a · b: [m, k] x [k, n] -> [m, n] */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const { m, k, n } = sizes("matmul", a, b);
  return differentiable(call("matmul", [m, n], a, b, 0, m, k, n, 0, workspace(a.engine, k, n)), (gradient) => [
    [a, () => productTransposed(gradient, b, m, n, k)],
    [b, () => transposedProduct(a, gradient, k, m, n)],
  ]);
}

/**
 * activation(x · weight + bias): [batch, in] x [in, out] + [out] -> [batch, out], in one kernel. With dz the gradient before the
 * activation, the gradients are dz · weightᵀ, xᵀ · dz and the sum of dz over the batch.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor, activation: Activation = "none"): Tensor {
  const { m: batch, k: inputs, n: outputs } = sizes("linear", x, weight);
  if (bias.shape.length !== 1 || bias.size !== outputs) {
    throw new ShapeError(`linear: bias ${formatShape(bias.shape)} for ${outputs} outputs; it has to be [${outputs}]`);
  }
  const code = activationCode[activation];
  const y = call(
    "matmul",
    [batch, outputs],
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
    const dz = activation === "none" ? gradient : call(`${activation}Adjoint`, y.shape, gradient, y, y.size);
    return [
      [x, () => productTransposed(dz, weight, batch, outputs, inputs)],
      [weight, () => transposedProduct(x, dz, inputs, batch, outputs)],
      [bias, () => call("sumRows", bias.shape, dz, batch, outputs)],
    ];
  });
}

/** a[m, k] · b[n, k]ᵀ */
function productTransposed(a: Tensor, b: Tensor, m: number, k: number, n: number): Tensor {
  return call("matmulNT", [m, n], a, b, m, k, n, workspace(a.engine, k, n));
}

/** a[k, m]ᵀ · b[k, n] */
function transposedProduct(a: Tensor, b: Tensor, m: number, k: number, n: number): Tensor {
  return call("matmulTN", [m, n], a, b, m, k, n, workspace(a.engine, k, n));
}

function workspace(engine: Engine, k: number, n: number): Tensor {
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
