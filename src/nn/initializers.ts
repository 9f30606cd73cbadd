// The values that parameters begin with.

import { ShapeError } from "../base/errors.ts";
import { formatShape } from "../base/spec.ts";
import type { Stream } from "../engine/random.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";

/** Writes the first values of a parameter. */
export type Initializer = (parameter: Tensor, stream: Stream) => void;

/** Every element the same. */
export function constantInitializer(value: number): Initializer {
  return (parameter) => {
    parameter.data.fill(value);
  };
}

/**
 * A random matrix with orthonormal columns, or rows where it has fewer of them, times `gain`: the factor Q of the QR
 * decomposition of a matrix of standard normals, with signs such that R has a positive diagonal (Saxe et al., 2014,
 * arXiv 1312.6120). Computed in float64 by Gram-Schmidt, each vector made orthogonal twice. What has more than two axes
 * is a matrix whose columns are the last one.
 */
export function orthogonal(gain: number): Initializer {
  return (parameter, stream) => {
    const { engine, shape, size } = parameter;
    const columns = shape.at(-1) as number;
    const rows = size / columns;
    if (shape.length < 2) throw new ShapeError(`orthogonal: ${formatShape(shape)} is not a matrix`);
    const normals = zeros(engine, parameter);
    engine.kernels.philoxNormal(normals.address, stream.address, normals.size);

    const [length, count] = rows >= columns ? [rows, columns] : [columns, rows];
    const vectors: Float64Array[] = [];
    for (let index = 0; index < count; index++) {
      const vector = Float64Array.from(normals.data.subarray(index * length, (index + 1) * length));
      for (let pass = 0; pass < 2; pass++)
        for (const earlier of vectors) subtractMultiple(vector, dot(earlier, vector), earlier);
      const norm = Math.sqrt(dot(vector, vector));
      vectors.push(vector.map((element) => element / norm));
    }
    const { data } = parameter;
    for (const [index, vector] of vectors.entries()) {
      for (const [element, value] of vector.entries()) {
        data[rows >= columns ? element * columns + index : index * columns + element] = gain * value;
      }
    }
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function subtractMultiple(a: Float64Array, factor: number, b: Float64Array): void {
  for (let index = 0; index < a.length; index++) a[index] = (a[index] as number) - factor * (b[index] as number);
}
