// A recurrent layer behind another network.

import { ConfigurationError } from "../../base/errors.ts";
import { GRU, LSTM } from "../recurrent.ts";
import type { Network } from "./network.ts";

const cells = { lstm: LSTM, gru: GRU } as const;

/** A network of this many features that remembers, behind another. */
export function remembering(inner: Network, kind: keyof typeof cells, size: number): Network {
  return (parameters, name, observation) => {
    const body = inner(parameters, name, observation);
    const cell = new cells[kind](parameters, `${name}.${body.layers}`, body.features, size);
    return {
      features: size,
      layers: body.layers + 1,
      memorySize: cell.memorySize,
      forward(observations, recurrence) {
        if (recurrence === undefined)
          throw new ConfigurationError(`${name}: a network that remembers needs memory and starts`);
        const { features } = body.forward(observations);
        return cell.forward(features, recurrence.memory, recurrence.starts);
      },
    };
  };
}
