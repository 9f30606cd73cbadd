// Looks after a training: what is wrong with it, since when, and what usually causes that. It changes nothing.

import { FileFormatError, TrainingError } from "../base/errors.ts";
import { anyState, atLeastOne, shown } from "../base/ranges.ts";
import { fields, type Stateful, within } from "../base/state.ts";
import { greater } from "../tensor/operators/arithmetic.ts";
import { abs } from "../tensor/operators/elementwise.ts";
import { concatenate } from "../tensor/operators/rearrange.ts";
import { sum } from "../tensor/operators/reduce.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ActorCritic } from "./actor-critic.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { Iteration } from "./metrics.ts";
import type { Minibatch, Rollout } from "./rollout.ts";

/** Something that is wrong with a training. */
export interface Finding {
  /** Which of the checks it is, as in "ratio". */
  readonly check: string;
  /** The iteration from which on it was so. */
  readonly since: number;
  /** What is wrong and what usually causes it, in one line. */
  readonly message: string;
}

/** What an iteration is judged by, beside what it reports. */
interface Condition extends Omit<Iteration, "minibatches"> {
  /** approxKl of the first minibatch: exactly 0, since nothing has moved. */
  readonly firstKl: number;
  /** The share of the last hidden units that are 0 in every row. */
  readonly deadShare: number;
  /** The share of those that are at the ends of their range in every row. */
  readonly saturatedShare: number;
  /** The entropy for each number of an action of a Box; NaN for choices. */
  readonly entropyOfNumber: number;
  /** The largest |V(s)| of the rollout, and the largest that any rewards so far could add up to. */
  readonly largestValue: number;
  readonly largestReturn: number;
  /** Half of the mean squared return of the rollout, what a critic that always says 0 would lose. */
  readonly lossOfZero: number;
  /** The largest variance of a number of the observations, where these are normalised. */
  readonly largestVariance: number;
  /** Whether rewards, or returns of episodes, have differed so far. */
  readonly rewardsVary: boolean;
}

interface Check {
  readonly name: string;
  /** How many iterations in a row it has to hold. */
  readonly patience: number;
  readonly holds: (condition: Condition) => boolean;
  readonly message: (condition: Condition) => string;
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;

const checks: readonly Check[] = [
  {
    name: "ratio",
    patience: 1,
    holds: ({ firstKl }) => firstKl !== 0,
    message: () =>
      "the ratio is not 1 in the first minibatch: what learns is not what acted; something writes to parameters or observations during an iteration",
  },
  {
    name: "approxKl",
    patience: 3,
    holds: ({ approxKl }) => approxKl > 0.2,
    message: ({ approxKl }) =>
      `approxKl is ${approxKl.toPrecision(2)}: the updates are too large; lower learningRate or numEpochs, or set targetKl`,
  },
  {
    name: "clipFraction",
    patience: 3,
    holds: ({ clipFraction }) => clipFraction > 0.6,
    message: ({ clipFraction }) =>
      `${percent(clipFraction)} of the ratios are clipped: most of the data teaches nothing; lower learningRate or numEpochs`,
  },
  {
    name: "entropy",
    patience: 10,
    holds: ({ entropy, entropyOfNumber }) => (Number.isNaN(entropyOfNumber) ? entropy < 1e-4 : entropyOfNumber < -6),
    message: ({ entropy }) =>
      `entropy is ${entropy.toPrecision(2)}: the policy explores no more; unless it has learnt its task, raise entropyCoefficient or lower learningRate`,
  },
  {
    name: "spread",
    patience: 3,
    holds: ({ entropyOfNumber }) => entropyOfNumber > 8,
    message: () =>
      "the standard deviation of the actions runs away: entropyCoefficient is too high, or all actions are beyond the bounds of their space",
  },
  {
    name: "dead units",
    patience: 3,
    holds: ({ deadShare }) => deadShare > 0.5,
    message: ({ deadShare }) =>
      `${percent(deadShare)} of the last hidden units are 0 whatever is observed: learningRate is too high, or observations are far from mean 0; normalizeObservations helps`,
  },
  {
    name: "saturated units",
    patience: 3,
    holds: ({ saturatedShare }) => saturatedShare > 0.5,
    message: ({ saturatedShare }) =>
      `${percent(saturatedShare)} of the last hidden units are at the end of their range whatever is observed: observations are too large, or learningRate is too high; normalizeObservations helps`,
  },
  {
    name: "critic",
    patience: 10,
    holds: ({ explainedVariance, valueLoss, lossOfZero }) => explainedVariance < -0.5 && valueLoss > lossOfZero,
    message: ({ explainedVariance }) =>
      `explainedVariance is ${explainedVariance.toPrecision(2)}: the critic is worse than one that always says 0; scaleRewards or normalizeValues, or lower learningRate`,
  },
  {
    name: "values",
    patience: 3,
    holds: ({ largestValue, largestReturn }) => largestValue > 10 * largestReturn,
    message: ({ largestValue, largestReturn }) =>
      `the critic runs away: a value of size ${largestValue.toPrecision(2)}, where no rewards so far add up to more than ${largestReturn.toPrecision(2)}; lower learningRate, or set clipValueLoss`,
  },
  {
    name: "observations",
    patience: 3,
    holds: ({ largestVariance }) => largestVariance > 1e12,
    message: ({ largestVariance }) =>
      `an observation has the variance ${largestVariance.toPrecision(2)}: a number of it grows without limit; leave it out, or bring it into a range`,
  },
  {
    name: "rewards",
    patience: 10,
    holds: ({ rewardsVary }) => !rewardsVary,
    message: () =>
      "rewards never vary, and neither do the returns of episodes: there is nothing to learn; check what the environment returns as reward",
  },
];

const findingRanges = {
  check: { kind: "choice", choices: checks.map(({ name }) => name) },
  since: atLeastOne,
  message: { kind: "text" },
} as const;

/** What watches a training, iteration by iteration. */
export class Monitor implements Stateful {
  /** Everything that was found so far, each once until it has gone away. */
  findings: readonly Finding[] = [];
  readonly #actorCritic: ActorCritic;
  readonly #rollout: Rollout;
  readonly #returns: Tensor;
  readonly #gamma: number;
  /** Whether the ends of the range of a hidden unit are -1 and 1. */
  readonly #isBounded: boolean;
  readonly #rows: number;
  readonly #units: ReturnType<typeof captureUnits>;
  /** As they were when hidden units were last looked at. */
  #shares: Pick<Condition, "deadShare" | "saturatedShare"> = { deadShare: 0, saturatedShare: 0 };
  /** How many iterations in a row each check has held. */
  readonly #held = new Int32Array(checks.length);
  readonly #rewards = new Extent();
  readonly #meanReturns = new Extent();

  /** @param minibatch the place of the last minibatch, whose hidden units are looked at */
  constructor(
    actorCritic: ActorCritic,
    rollout: Rollout,
    minibatch: Minibatch,
    returns: Tensor,
    { gamma, network, activation, memory }: Hyperparameters,
  ) {
    this.#actorCritic = actorCritic;
    this.#rollout = rollout;
    this.#returns = returns;
    this.#gamma = gamma;
    this.#isBounded = memory !== "none" || (network === "mlp" && activation === "tanh");
    this.#rows = minibatch.observations.shape[0] as number;
    this.#units = captureUnits(actorCritic, minibatch);
  }

  /** Looks at an iteration. @param firstKl approxKl of its first minibatch */
  observe(iteration: Iteration, firstKl: number): void {
    const condition = this.#conditionOf(iteration, firstKl);
    for (const [index, check] of checks.entries()) {
      const held = check.holds(condition) ? (this.#held[index] as number) + 1 : 0;
      this.#held[index] = held;
      if (held !== check.patience) continue;
      const since = iteration.iteration - held + 1;
      this.findings = [...this.findings, { check: check.name, since, message: check.message(condition) }];
    }
  }

  state(): object {
    const { deadShare, saturatedShare } = this.#shares;
    return {
      findings: this.findings,
      held: this.#held.slice(),
      shares: Float64Array.of(deadShare, saturatedShare),
      rewards: this.#rewards.ends.slice(),
      meanReturns: this.#meanReturns.ends.slice(),
    };
  }

  /** @throws FileFormatError for what `state` did not give */
  restore(state: unknown): void {
    const ends = { kind: "array", dtype: "float64", length: 2 } as const;
    const saved = fields(state, {
      findings: anyState,
      held: { kind: "array", dtype: "int32", length: checks.length, from: 0 },
      shares: { ...ends, from: 0, to: 1 },
      rewards: ends,
      meanReturns: ends,
    });
    this.findings = within("findings", () => findingsOf(saved.findings));
    const [deadShare = 0, saturatedShare = 0] = saved.shares;
    this.#shares = { deadShare, saturatedShare };
    this.#held.set(saved.held);
    this.#rewards.ends.set(saved.rewards);
    this.#meanReturns.ends.set(saved.meanReturns);
  }

  /** @throws TrainingError with the first of the findings, if there is one */
  expectNone(): void {
    const [first] = this.findings;
    if (first !== undefined) throw new TrainingError(`since iteration ${first.since}: ${first.message}`);
  }

  #conditionOf(iteration: Iteration, firstKl: number): Condition {
    const { head, observationMoments } = this.#actorCritic;
    const { values, rewards } = this.#rollout;
    this.#rewards.add(rewards.data);
    this.#meanReturns.add([iteration.meanReturn]);
    const numbers = head.action.dtype === "float32" ? (head.action.shape[0] ?? 1) : Number.NaN;
    // Looking at hidden units takes a forward pass of a minibatch, and what they are like changes slowly.
    if (iteration.iteration <= 4 || iteration.iteration % 16 === 0) this.#shares = this.#unitShares();
    return {
      ...iteration,
      ...this.#shares,
      firstKl,
      entropyOfNumber: iteration.entropy / numbers,
      largestValue: largestOf(values.data),
      largestReturn: Math.max(1, this.#rewards.largest / Math.max(1 - this.#gamma, 1e-4)),
      lossOfZero: meanSquareOf(this.#returns.data) / 2,
      largestVariance: observationMoments === undefined ? 0 : largestOf(observationMoments.variance.data),
      rewardsVary: this.#rewards.isSeveral || this.#meanReturns.isSeveral,
    };
  }

  /** Of the hidden units before the last layers. */
  #unitShares(): Pick<Condition, "deadShare" | "saturatedShare"> {
    const { used, full } = this.#units.outputs;
    this.#units.run();
    const rows = this.#rows;
    return {
      deadShare: shareOf(used.data, 0),
      saturatedShare: this.#isBounded ? shareOf(full.data, rows) : 0,
    };
  }
}

/** Of each hidden unit before the last layers: in how many rows it is not 0, and in how many beyond 0.99. */
function captureUnits(actorCritic: ActorCritic, minibatch: Minibatch) {
  return program(actorCritic.engine, {}, () => {
    const { features } = actorCritic.forward(minibatch.observations, minibatch);
    const rowsBeyond = (limit: number) => concatenate(features.map((units) => sum(greater(abs(units), limit), 0)));
    return { used: rowsBeyond(0), full: rowsBeyond(0.99) };
  });
}

function findingsOf(saved: unknown): Finding[] {
  if (!Array.isArray(saved)) throw new FileFormatError(`${shown(saved)} is not a list`);
  return saved.map((finding) => fields(finding, findingRanges));
}

/** From the least to the greatest of some numbers. */
class Extent {
  /** Both of them; of no number yet, from infinity to -infinity. */
  readonly ends = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

  /** Takes in numbers, of which NaN are left out. */
  add(numbers: ArrayLike<number>): void {
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers[index] as number;
      if (number < (this.ends[0] as number)) this.ends[0] = number;
      if (number > (this.ends[1] as number)) this.ends[1] = number;
    }
  }

  /** Whether not all were the same. */
  get isSeveral(): boolean {
    return (this.ends[0] as number) < (this.ends[1] as number);
  }

  /** The largest size of one. */
  get largest(): number {
    return largestOf(this.ends);
  }
}

function shareOf(counts: ArrayLike<number>, count: number): number {
  let found = 0;
  for (let index = 0; index < counts.length; index++) if (counts[index] === count) found++;
  return counts.length === 0 ? 0 : found / counts.length;
}

function largestOf(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < numbers.length; index++) largest = Math.max(largest, Math.abs(numbers[index] as number));
  return largest;
}

function meanSquareOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < numbers.length; index++) sum += (numbers[index] as number) * (numbers[index] as number);
  return sum / numbers.length;
}
