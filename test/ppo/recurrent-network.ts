// Networks of one recurrent layer, of the library that is handed in.

import type * as Layers from "proximal/nn";
import type * as Operators from "proximal/tensor";

/** An LSTM or a GRU of this size over the numbers of an observation. */
export function recurrentNetwork(
  layers: typeof Layers,
  ops: typeof Operators,
  cell: "LSTM" | "GRU",
  size: number,
): Layers.Network {
  return (parameters, name, { shape: [inputs = 1] }) => {
    const layer = new layers[cell](parameters, `${name}.0`, inputs, size);
    const { memorySize } = layer;
    /** Of observations on their own, each the first of its episode. */
    const fresh = (rows: number) => ({
      memory: ops.zeros(parameters.engine, ops.float32([rows, memorySize])),
      starts: ops.zeros(parameters.engine, ops.uint8([1, rows])),
    });
    return {
      ...{ features: size, layers: 1, memorySize },
      forward: (observations, recurrence) => {
        const { memory, starts } = recurrence ?? fresh(observations.shape[0] as number);
        return layer.forward(observations as Operators.Tensor, memory, starts);
      },
    };
  };
}
