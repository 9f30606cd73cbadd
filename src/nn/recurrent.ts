// Recurrent layers: what they declare, and how they carry sequences forward.

import { linear } from "../tensor/operators/matmul.ts";
import { gru, lstm } from "../tensor/operators/recurrent.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constantInitializer, orthogonal } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** What a recurrent layer puts out. */
export type RecurrentOutput = {
  /** [steps * sequences, size] */
  readonly features: Tensor;
  /** What the next step begins with: [sequences, memorySize] */
  readonly memory: Tensor;
};

/** Long short-term memory; weights orthogonal with gain 1 and bias zero at first. */
export class LSTM {
  /** [inputs, 4 size], for the gates i, f, g, o */
  readonly inputWeight: Tensor;
  /** [size, 4 size] */
  readonly hiddenWeight: Tensor;
  /** [4 size] */
  readonly bias: Tensor;
  /** How many numbers a sequence remembers: h and c, 2 size. */
  readonly memorySize: number;

  /** Declares `${name}.inputWeight`, `${name}.hiddenWeight` and `${name}.bias`. */
  constructor(parameters: Parameters, name: string, inputs: number, size: number) {
    this.inputWeight = parameters.declare(`${name}.inputWeight`, [inputs, 4 * size], orthogonal(1));
    this.hiddenWeight = parameters.declare(`${name}.hiddenWeight`, [size, 4 * size], orthogonal(1));
    this.bias = parameters.declare(`${name}.bias`, [4 * size], constantInitializer(0));
    this.memorySize = 2 * size;
  }

  /**
   * x [steps * sequences, inputs], where row t * sequences + e is step t of sequence e, memory [sequences, memorySize]
   * and starts [steps, sequences], 1 where an episode begins
   */
  forward(x: Tensor, memory: Tensor, starts: Tensor<"uint8">): RecurrentOutput {
    const xGates = linear(x, this.inputWeight, this.bias);
    const { hidden: features, memory: after } = lstm(xGates, this.hiddenWeight, memory, starts);
    return { features, memory: after };
  }
}

/** Gated recurrent units; weights orthogonal with gain 1 and biases zero at first. */
export class GRU {
  /** [inputs, 3 size], for the gates r, z, n */
  readonly inputWeight: Tensor;
  /** [size, 3 size] */
  readonly hiddenWeight: Tensor;
  /** [3 size] */
  readonly bias: Tensor;
  /** [3 size], inside of what the gate r resets */
  readonly hiddenBias: Tensor;
  /** How many numbers a sequence remembers: h, size. */
  readonly memorySize: number;

  /** Declares `${name}.inputWeight`, `${name}.hiddenWeight`, `${name}.bias` and `${name}.hiddenBias`. */
  constructor(parameters: Parameters, name: string, inputs: number, size: number) {
    this.inputWeight = parameters.declare(`${name}.inputWeight`, [inputs, 3 * size], orthogonal(1));
    this.hiddenWeight = parameters.declare(`${name}.hiddenWeight`, [size, 3 * size], orthogonal(1));
    this.bias = parameters.declare(`${name}.bias`, [3 * size], constantInitializer(0));
    this.hiddenBias = parameters.declare(`${name}.hiddenBias`, [3 * size], constantInitializer(0));
    this.memorySize = size;
  }

  /** As LSTM's. */
  forward(x: Tensor, memory: Tensor, starts: Tensor<"uint8">): RecurrentOutput {
    const xGates = linear(x, this.inputWeight, this.bias);
    const { hidden: features, memory: after } = gru(xGates, this.hiddenWeight, this.hiddenBias, memory, starts);
    return { features, memory: after };
  }
}
