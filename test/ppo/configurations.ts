// Configurations that together have every option and every part of the state, those that interact side by side: data
// for tests of what has to hold in each of them.

import { fields } from "../../src/base/state.ts";
import {
  Box,
  Dict,
  Discrete,
  type Env,
  type Hyperparameters,
  MultiBinary,
  MultiDiscrete,
  makeVec,
  type Observation,
  type ObservationSpace,
  register,
  type Space,
  type StepResult,
  Tuple,
  type VectorEnv,
} from "../../src/index.ts";

type Action = number | Int32Array | Float32Array;

/** Places of which an environment has 97; what is seen of them is coarse, so that remembering helps. */
const PLACES = 97;

/**
 * An environment of any spaces, all in integers: the action moves it from place to place, some places end the episode,
 * and where `isMasked` the place forbids some actions.
 */
class Board implements Env<Action, Observation> {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;
  declare actionMask?: (into?: Uint8Array) => ArrayLike<number>;
  #place = 0;
  #random = 1;

  constructor(observationSpace: ObservationSpace, actionSpace: Space, isMasked: boolean) {
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    if (isMasked) this.actionMask = (into) => this.#mask(into);
  }

  reset({ seed }: { seed?: number } = {}, into?: Observation): Observation {
    this.#random = seed === undefined ? (69_069 * this.#random + 1) % 2 ** 20 : seed % 2 ** 20;
    this.#place = 1 + (this.#random % (PLACES - 1));
    return shown(this.observationSpace, this.#place >> 2, into);
  }

  step(action: Action, into?: StepResult<Observation>): StepResult<Observation> {
    const digest = digestOf(action);
    const right = this.#place % 3;
    this.#place = (5 * this.#place + digest + 2) % PLACES;
    return {
      observation: shown(this.observationSpace, this.#place >> 2, into?.observation),
      reward: 1 - Math.abs((digest % 3) - right) / 2,
      terminated: this.#place % 11 === 0,
      truncated: false,
    };
  }

  state(): object {
    return { place: this.#place, random: Int32Array.of(this.#random) };
  }

  restore(state: unknown): void {
    const { place, random } = fields(state, {
      place: { kind: "integer", from: 0, to: PLACES - 1 },
      random: { kind: "array", dtype: "int32", length: 1, from: 0 },
    });
    this.#place = place;
    this.#random = random[0] as number;
  }

  #mask(into?: Uint8Array): ArrayLike<number> {
    const { choices } = this.actionSpace;
    const mask = into ?? new Uint8Array(choices.reduce((sum, n) => sum + n, 0));
    let start = 0;
    for (const n of choices) {
      for (let index = 0; index < n; index++)
        mask[start + index] = index === this.#place % n || ((this.#place + start) >> index) % 2 === 0 ? 1 : 0;
      start += n;
    }
    return mask;
  }
}

/** An integer of at least 0 that says which action it was, about. */
function digestOf(action: Action): number {
  if (typeof action === "number") return action;
  let sum = 0;
  for (let index = 0; index < action.length; index++)
    sum += (index + 1) * Math.abs(Math.round(4 * (action[index] as number)));
  return sum;
}

/** An element of the space, of which it depends on `place`. */
function shown(space: ObservationSpace, place: number, into: Observation = space.empty() as Observation): Observation {
  if (space instanceof Discrete) return place % space.n;
  if (space instanceof Dict) {
    const parts = into as Record<string, Observation>;
    for (const [name, part] of Object.entries(space.spaces)) parts[name] = shown(part, place, parts[name]);
    return parts as Observation;
  }
  if (space instanceof Tuple) {
    const parts = into as Observation[];
    for (const [index, part] of space.spaces.entries()) parts[index] = shown(part, place + index, parts[index]);
    return parts as Observation;
  }
  const numbers = into as Float32Array;
  for (let index = 0; index < numbers.length; index++) {
    const number = (place * (index + 3) + 7 * index) % 23;
    if (space instanceof Box) numbers[index] = space.dtype === "uint8" ? 11 * number : number / 4 - 2;
    else numbers[index] = number % (space instanceof MultiDiscrete ? (space.nvec[index] as number) : 2);
  }
  return numbers;
}

const vector = new Box(-4, 4, [3]);
const pair = new Box([-1, -0.5], [1, 2]);
const board = new Box(0, 255, [5, 5, 2], "uint8");
const parts = new Dict({ place: vector, kind: new Discrete(3), flags: new MultiBinary(2) });
const list = new Tuple([new MultiDiscrete([2, 3]), new Box(0, 255, [2], "uint8"), new Discrete(2)]);

/** By the end of their ids: what is seen, what is done, and whether that is masked. */
const boards: Readonly<Record<string, readonly [ObservationSpace, Space, isMasked?: boolean]>> = {
  masked: [vector, new Discrete(4), true],
  choices: [vector, new MultiDiscrete([2, 3]), true],
  switches: [new Discrete(5), new MultiBinary(3)],
  "masked-switches": [list, new MultiBinary(2), true],
  parts: [parts, new Discrete(3)],
  "masked-parts": [parts, new MultiDiscrete([3, 2]), true],
  numbers: [vector, pair],
  images: [board, new Discrete(3)],
  "masked-images": [board, new Discrete(3), true],
  "images-of-numbers": [new Box(-4, 4, [4, 5, 1]), pair],
  frames: [new Box(0, 255, [36, 36, 1], "uint8"), new Discrete(2)],
};
for (const [name, [observations, actions, isMasked = false]] of Object.entries(boards))
  register({ id: `Board-${name}`, maxEpisodeSteps: 7, create: () => new Board(observations, actions, isMasked) });

/** What is trained, and how. */
export interface Configuration {
  /** The id of its environments. */
  readonly env: string;
  readonly numEnvs: number;
  readonly options: Partial<Hyperparameters>;
}

const of = (env: string, options: Partial<Hyperparameters>, numEnvs = 3): Configuration => ({
  env: env === "CartPole-v1" ? env : `Board-${env}`,
  numEnvs,
  options: {
    ...{ numSteps: 10, numMinibatches: 3, numEpochs: 2, hiddenSizes: [5], memorySize: 5, seed: 4, learningRate: 3e-3 },
    ...options,
  },
});

/** Normalisers of everything, each of which has moments of its own. */
const normalized = { normalizeObservations: true, normalizeValues: true, scaleRewards: true };
const constantRate = { annealLearningRate: false };

/** By name. */
export const configurations: Readonly<Record<string, Configuration>> = {
  defaults: of("CartPole-v1", {}),
  "annealed schedules": of("CartPole-v1", {
    ...{ annealClipRange: true, annealEntropyCoefficient: true, clipValueLoss: false, gamma: 0.9, gaeLambda: 0.8 },
    ...{ maxGradNorm: Number.POSITIVE_INFINITY, activation: "relu", numMinibatches: 5, seed: 9 },
  }),
  "adaptive rate, dual clip": of("masked-switches", {
    ...{ desiredKl: 1e-3, ...constantRate, dualClip: 2, layerNorm: true, activation: "elu" },
    ...{ normalizeObservations: true, clipObservations: 1 },
  }),
  "early end of epochs, weight decay": of("switches", {
    ...{ targetKl: 1e-3, weightDecay: 0.01, adamBeta1: 0.8, adamBeta2: 0.99, adamEpsilon: 1e-7, numEpochs: 4 },
    ...{ activation: "silu", hiddenSizes: [6, 4], valueCoefficient: 1, entropyCoefficient: 0, clipRange: 0.1 },
  }),
  "fixed penalty, advantages of a batch": of("parts", {
    ...{ objective: "fixed-kl", klPenalty: 0.5, normalizeAdvantages: "batch", sharedNetwork: true },
    ...{ scaleRewards: true, clipRewards: 1 },
  }),
  "no objective of its own, advantages anew": of("masked", {
    ...{ objective: "none", normalizeAdvantages: "none", recomputeAdvantages: true, normalizeValues: true },
  }),
  "adaptive penalty, masks, normalisers": of("masked-parts", {
    ...{ objective: "adaptive-kl", klPenaltyTarget: 1e-3, ...normalized, recomputeAdvantages: true },
  }),
  "squashed, annealed deviations": of("numbers", {
    ...{ actionDistribution: "squashed", logStd: "annealed", initialLogStd: -0.7, finalLogStd: -1.6 },
    ...{ recomputeAdvantages: true, ...normalized },
  }),
  "deviations of the network, adaptive penalty": of("numbers", { logStd: "network", objective: "adaptive-kl" }),
  "fixed deviations, bytes": of("images-of-numbers", {
    ...{ network: "small-cnn", logStd: "fixed", initialLogStd: -1, recomputeAdvantages: true },
  }),
  "small CNN, shared, values normalised": of("images", {
    ...{ network: "small-cnn", sharedNetwork: true, normalizeValues: true, numSteps: 6 },
  }),
  "Nature CNN": of("frames", { network: "nature-cnn", sharedNetwork: true, numSteps: 4, numMinibatches: 2 }, 2),
  "LSTM, masks, normalisers": of("choices", { memory: "lstm", ...normalized }),
  "GRU, scaled rewards, adaptive penalty": of("masked-parts", {
    ...{ memory: "gru", scaleRewards: true, objective: "adaptive-kl", sharedNetwork: true },
  }),
  "LSTM, squashed by the network, adaptive rate": of("numbers", {
    ...{ memory: "lstm", actionDistribution: "squashed", logStd: "network", desiredKl: 0.02, ...constantRate },
    ...{ normalizeObservations: true, layerNorm: true },
  }),
  "small CNN, GRU, masks, observations normalised": of("masked-images", {
    ...{ network: "small-cnn", memory: "gru", normalizeObservations: true, numSteps: 6, numMinibatches: 1 },
  }),
};

/** New environments of a configuration. */
export function environmentsOf({ env, numEnvs, options }: Configuration): Promise<VectorEnv> {
  return makeVec(env, { numEnvs, seed: options.seed ?? 1 });
}

/** The steps of so many iterations. */
export function stepsOf({ numEnvs, options }: Configuration, iterations: number): number {
  return iterations * numEnvs * (options.numSteps as number);
}
