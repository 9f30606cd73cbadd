// Adam (Kingma and Ba, 2015, arXiv 1412.6980, algorithm 1) with the gradient clipped to a global norm.

import { ConfigurationError, NonFiniteError } from "../engine/errors.ts";
import type { Parameters } from "../nn/parameters.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";

export interface AdamOptions {
  /** α; the property of the same name may be changed between steps. */
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** The largest Euclidean norm of the whole gradient; a longer one is scaled down to it. */
  readonly maxGradNorm?: number;
}

/** What a checkpoint has to hold besides the two moments. */
export interface AdamState {
  readonly steps: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
}

export class Adam {
  learningRate: number;
  /** The running mean of the gradient, laid out like the parameters. */
  readonly firstMoment: Tensor;
  /** The running mean of the squared gradient, laid out like the parameters. */
  readonly secondMoment: Tensor;
  readonly #parameters: Parameters;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #maxGradNorm: number;
  /** What the kernel reads; assembly/adam.ts gives the order. */
  readonly #settings: Tensor;
  readonly #gradNorm: Tensor;
  #steps = 0;
  // β1^t and β2^t by repeated multiplication: Math.pow differs between engines.
  #beta1Power = 1;
  #beta2Power = 1;

  /** @throws ConfigurationError unless β1 and β2 are from 0 to below 1, and ε is above 0 */
  constructor(parameters: Parameters, options: AdamOptions) {
    const { engine, values } = parameters;
    this.learningRate = options.learningRate;
    this.firstMoment = zeros(engine, values.shape);
    this.secondMoment = zeros(engine, values.shape);
    this.#parameters = parameters;
    this.#beta1 = options.beta1 ?? 0.9;
    this.#beta2 = options.beta2 ?? 0.999;
    this.#epsilon = options.epsilon ?? 1e-8;
    this.#maxGradNorm = options.maxGradNorm ?? Number.POSITIVE_INFINITY;
    for (const [name, beta] of Object.entries({ beta1: this.#beta1, beta2: this.#beta2 })) {
      if (!(beta >= 0 && beta < 1)) throw new ConfigurationError(`Adam: ${name} ${beta} is not from 0 to below 1`);
    }
    if (!(this.#epsilon > 0)) throw new ConfigurationError(`Adam: epsilon ${this.#epsilon} is not above 0`);
    this.#settings = zeros(engine, [8]);
    this.#gradNorm = zeros(engine, []);
  }

  /** The norm of the whole gradient at the last step, before clipping. */
  get gradNorm(): number {
    return this.#gradNorm.item();
  }

  /**
   * Moves the parameters one step against their gradients.
   * @throws NonFiniteError, with parameters and moments untouched, when the gradient's norm is not a finite number.
   */
  step(): void {
    const { engine, values, flatGradients } = this.#parameters;
    const { firstMoment, secondMoment } = this;
    const { size } = values;
    engine.kernels.norm(this.#gradNorm.address, flatGradients.address, size);
    const gradNorm = this.#gradNorm.data[0] as number;
    if (!Number.isFinite(gradNorm)) {
      throw new NonFiniteError(`gradient norm is ${gradNorm} at optimiser step ${this.#steps + 1}`);
    }
    this.#steps++;
    this.#beta1Power *= this.#beta1;
    this.#beta2Power *= this.#beta2;
    const settings = this.#settings.data;
    settings[0] = this.learningRate / (1 - this.#beta1Power);
    settings[1] = this.#beta1;
    settings[2] = 1 - this.#beta1;
    settings[3] = this.#beta2;
    settings[4] = 1 - this.#beta2;
    settings[5] = 1 / Math.sqrt(1 - this.#beta2Power);
    settings[6] = this.#epsilon;
    settings[7] = Math.min(1, this.#maxGradNorm / (gradNorm + 1e-6));
    engine.kernels.adam(
      values.address,
      firstMoment.address,
      secondMoment.address,
      flatGradients.address,
      this.#settings.address,
      size,
    );
  }

  state(): AdamState {
    return { steps: this.#steps, beta1Power: this.#beta1Power, beta2Power: this.#beta2Power };
  }

  /** Restores what `state` returned; the moments are restored by writing to them. */
  restore(state: AdamState): void {
    this.#steps = state.steps;
    this.#beta1Power = state.beta1Power;
    this.#beta2Power = state.beta2Power;
  }
}
