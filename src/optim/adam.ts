// Adam (Kingma and Ba, 2015, arXiv 1412.6980, algorithm 1) with the gradient clipped to a global norm, and with
// decoupled weight decay (Loshchilov and Hutter, 2019, arXiv 1711.05101).

import { NonFiniteError } from "../base/errors.ts";
import { anyState, checkNames, checkValue, count } from "../base/ranges.ts";
import { float32 } from "../base/spec.ts";
import { fields, type Stateful, within } from "../base/state.ts";
import type { Parameters } from "../nn/parameters.ts";
import { type Tensor, zeros } from "../tensor/tensor.ts";

/** The hyper-parameters of Adam. */
export interface AdamOptions {
  /** α; the property of the same name may be changed between steps. */
  readonly learningRate: number;
  /** β1, the decay of the mean of the gradient: 0.9 unless given. */
  readonly beta1?: number;
  /** β2, the decay of the mean of the squared gradient: 0.999 unless given. */
  readonly beta2?: number;
  /** ε, added to the root of the squared gradient: 1e-8 unless given. */
  readonly epsilon?: number;
  /** The largest Euclidean norm of the whole gradient; a longer one is scaled down to it. */
  readonly maxGradNorm?: number;
  /** λ: each step also takes the share αλ of every parameter away, as AdamW does: 0 unless given. */
  readonly weightDecay?: number;
}

const positive = { kind: "number", from: 0, to: Number.POSITIVE_INFINITY, exclusive: true } as const;
/** Below 1, so that 1 - β is not 0. */
const decay = { kind: "number", from: 0, to: 1 - Number.EPSILON } as const;

/** What each option may be. */
const ranges = {
  learningRate: { kind: "number", from: 0, to: Number.MAX_VALUE },
  beta1: decay,
  beta2: decay,
  epsilon: positive,
  maxGradNorm: positive,
  weightDecay: { kind: "number", from: 0, to: Number.MAX_VALUE },
} as const;

/** β^t alone, by repeated multiplication: Math.pow differs between engines. */
function powerOf(beta: number, steps: number) {
  let power = 1;
  // At 0, or at the least number that the product rounds to again, it stays.
  for (let step = 0; step < steps && power * beta !== power; step++) power *= beta;
  return { kind: "number", from: power, to: power } as const;
}

/**
 * Moves parameters against their gradients.
 *
 * ```ts
 * const adam = new Adam(parameters, { learningRate: 3e-4, maxGradNorm: 0.5 });
 * loss.run(); // a program that differentiates
 * adam.step();
 * ```
 */
export class Adam implements Stateful {
  /** α of the next step. */
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
  readonly #weightDecay: number;
  /** What the kernel reads; assembly/adam.ts gives the order. */
  readonly #settings: Tensor;
  readonly #gradNorm: Tensor;
  #steps = 0;
  // β1^t and β2^t, a factor more in each step.
  #beta1Power = 1;
  #beta2Power = 1;

  /** @throws ConfigurationError for a setting that is missing, unknown or out of range */
  constructor(parameters: Parameters, options: AdamOptions) {
    checkNames("Adam", options, Object.keys(ranges));
    const {
      learningRate,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-8,
      maxGradNorm = Number.POSITIVE_INFINITY,
      weightDecay = 0,
    } = options;
    const settings = { learningRate, beta1, beta2, epsilon, maxGradNorm, weightDecay };
    for (const [name, range] of Object.entries(ranges)) {
      checkValue(`Adam: ${name}`, range, settings[name as keyof typeof settings]);
    }
    const { engine, flatValues } = parameters;
    this.learningRate = learningRate;
    this.firstMoment = zeros(engine, flatValues, "first moment");
    this.secondMoment = zeros(engine, flatValues, "second moment");
    this.#parameters = parameters;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
    this.#maxGradNorm = maxGradNorm;
    this.#weightDecay = weightDecay;
    this.#settings = zeros(engine, float32([9]));
    this.#gradNorm = zeros(engine, float32());
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
    const { engine, flatValues, flatGradients } = this.#parameters;
    const { firstMoment, secondMoment } = this;
    const { size } = flatValues;
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
    // As PyTorch's clip_grad_norm_: the 1e-6 keeps a gradient of norm 0 from dividing by it.
    settings[7] = Math.min(1, this.#maxGradNorm / (gradNorm + 1e-6));
    settings[8] = 1 - this.learningRate * this.#weightDecay;
    engine.kernels.adam(
      flatValues.address,
      firstMoment.address,
      secondMoment.address,
      flatGradients.address,
      this.#settings.address,
      size,
    );
  }

  /** Its count of steps and its moments. */
  state(): object {
    const parameters = this.#parameters;
    return {
      steps: this.#steps,
      beta1Power: this.#beta1Power,
      beta2Power: this.#beta2Power,
      firstMoment: parameters.state(this.firstMoment),
      secondMoment: parameters.state(this.secondMoment),
    };
  }

  /** @throws FileFormatError for what `state` did not give, or for other parameters or decays */
  restore(state: unknown): void {
    const { steps } = Object(state);
    const saved = fields(state, {
      steps: count,
      beta1Power: powerOf(this.#beta1, steps),
      beta2Power: powerOf(this.#beta2, steps),
      firstMoment: anyState,
      secondMoment: anyState,
    });
    within("secondMoment", () => this.#parameters.check(saved.secondMoment, this.secondMoment, { from: 0 }));
    this.#parameters.restore(saved.firstMoment, this.firstMoment);
    this.#parameters.restore(saved.secondMoment, this.secondMoment);
    this.#steps = saved.steps;
    this.#beta1Power = saved.beta1Power;
    this.#beta2Power = saved.beta2Power;
  }
}
