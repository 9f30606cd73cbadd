// A batch of observations as a matrix of float32.

import type { DataType } from "../../base/spec.ts";
import { toFloat32 } from "../../tensor/operators/elementwise.ts";
import { reshape } from "../../tensor/operators/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** [rows, ...observation] -> [rows, numbers of an observation]. Bytes stay bytes up to here. */
export function flat(observations: Tensor<DataType>): Tensor {
  const [rows = 0] = observations.shape;
  const floats = observations.dtype === "uint8" ? toFloat32(observations as Tensor<"uint8">) : observations;
  return reshape(floats as Tensor, [rows, observations.size / rows]);
}
