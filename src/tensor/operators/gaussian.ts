// The log-probability of a diagonal Gaussian, and an expectation under one.

import { ShapeError } from "../../base/errors.ts";
import { dataTypes, float32, formatShape, sameNumbers } from "../../base/spec.ts";
import { call, constant, differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { negate } from "./elementwise.ts";
import { matrix } from "./shapes.ts";

/**
 * Σ -z²/2 - logStd - log √2π over the columns, z = (action - mean) / exp(logStd): mean [batch, size], logStd [size] or
 * [batch, size], action [batch, size] -> [batch].
 */
export function gaussianLogProb(mean: Tensor, logStd: Tensor, action: Tensor): Tensor {
  const [rows, columns] = matrix("gaussianLogProb", mean);
  const isShared = sameNumbers(logStd.shape, [columns]);
  if (!sameNumbers(action.shape, mean.shape) || !(isShared || sameNumbers(logStd.shape, mean.shape))) {
    const shapes = [mean, logStd, action].map((x) => formatShape(x.shape)).join(", ");
    const right = "[batch, size], but for a logStd [size]";
    throw new ShapeError(`gaussianLogProb: mean, logStd and action are ${shapes}; they have to be ${right}`);
  }
  const rowStride = isShared ? 0 : dataTypes.float32.bytes * columns;
  const operands = [mean, logStd, action, rows, columns] as const;
  return differentiable(call("gaussianLogProb", float32([rows]), ...operands, rowStride), (gradient) => {
    const toMean = () => call("gaussianLogProbMeanAdjoint", mean, gradient, ...operands, rowStride);
    const adjoint = isShared ? "gaussianLogProbLogStdAdjoint" : "gaussianLogProbLogStdsAdjoint";
    return [
      [mean, toMean],
      [logStd, () => call(adjoint, logStd, gradient, ...operands)],
      // Only their difference counts.
      [action, () => negate(toMean())],
    ];
  });
}

/** How far nodes of the quadrature are apart, in standard deviations. */
const SPACING = 0.36;
/** Densities of the standard normal at nodes above its mean, from half a spacing on, as shares of the sum of all. */
const SHARES = [
  0.141311335, 0.124134481, 0.0957906906, 0.0649336192, 0.0386661873, 0.0202259312, 0.00929396724, 0.00375153656,
  0.00133024815, 0.000414354043, 0.000113377253, 2.7251833e-5, 5.75414684e-6, 1.06728793e-6, 1.73899242e-7,
  2.48902476e-8,
];
/** 32 nodes, from -5.58 to 5.58 standard deviations. */
const NODES = [...SHARES.keys()].flatMap((index) => [-index - 0.5, index + 0.5].map((place) => SPACING * place));
const WEIGHTS = SHARES.flatMap((share) => [share, share]);

/**
 * E[log(1 - tanh² u)] of normals u with these means and standard deviations, of one shape, element by element: what
 * tanh takes from the entropy of a normal.
 *
 * It is computed with the trapezoidal rule at 32 nodes, without noise, and differentiable. Up to a standard deviation
 * of 1.5 its error is below 2e-7, and that of its derivatives below 3e-7; of 2 below 1e-6 and 1e-5, of e below 4e-5 and
 * 2e-4, of 4.5 below 2e-3 and 6e-3. (Gauss and Hermite's 32 nodes, most of which lie where there is no density, are off
 * by 3e-5 at 1.65, and by 2e-3 at e.)
 */
export function expectedTanhLogSlope(mean: Tensor, std: Tensor): Tensor {
  if (!sameNumbers(mean.shape, std.shape))
    throw new ShapeError(`expectedTanhLogSlope: ${formatShape(mean.shape)} and ${formatShape(std.shape)} differ`);
  const [nodes, count, n] = [constant(NODES), NODES.length, mean.size];
  return differentiable(
    call("expectedTanhLogSlope", mean, mean, std, nodes, constant(WEIGHTS), count, n),
    (gradient) => {
      const adjoint = (weights: readonly number[]) =>
        call("expectedTanhLogSlopeAdjoint", mean, gradient, mean, std, nodes, constant(weights), count, n);
      return [
        [mean, () => adjoint(WEIGHTS)],
        [std, () => adjoint(WEIGHTS.map((weight, index) => weight * (NODES[index] as number)))],
      ];
    },
  );
}
