// Networks of one recurrent layer, of the library that is handed in.

import type * as Layers from "proximal/nn";
import type * as Operators from "proximal/tensor";

/** An LSTM or a GRU of this size over the numbers of an observation. */
export function recurrentNetwork(layers: typeof Layers, cell: "LSTM" | "GRU", size: number): Layers.Network {
  return (parameters, name, { shape: [inputs = 1] }) => {
    const layer = new layers[cell](parameters, `${name}.0`, inputs, size);
    return {
      ...{ features: size, layers: 1, memorySize: layer.memorySize },
      forward: (observations, recurrence) => {
        const { memory, starts } = recurrence as Layers.Recurrence;
        return layer.forward(observations as Operators.Tensor, memory, starts);
      },
    };
  };
}
