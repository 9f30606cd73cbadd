// Environments of a step or a few, each of which only one part of the algorithm can learn.

import { Box, Discrete, type Env, type Hyperparameters, PPO, SyncVectorEnv } from "../../../src/index.ts";
import type { Network } from "../../../src/nn/index.ts";
import { fraction } from "../../gradients/inputs.ts";

/** What an episode is. */
export interface Probe {
  /** What is seen before step t of an episode. @param coin 1 or -1, drawn for each episode */
  see(t: number, coin: number): readonly number[];
  /** What an action in step t is worth. */
  reward(t: number, action: number, coin: number): number;
  /** The steps of an episode, and what ends it. */
  readonly steps: number;
  readonly isCutOff?: boolean;
  readonly actions?: number;
  /** Which actions may be chosen; all unless given. */
  mask?(coin: number): readonly number[];
  readonly gamma?: number;
}

class ProbeEnv implements Env<number> {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  readonly actionMask?: () => readonly number[];
  readonly #probe: Probe;
  #t = 0;
  #coin = 1;
  #episode: number;

  constructor(probe: Probe, salt: number) {
    const { actions = 2, mask } = probe;
    this.observationSpace = new Box(-1, 1, [probe.see(0, 1).length]);
    this.actionSpace = new Discrete(actions);
    if (mask !== undefined) this.actionMask = () => mask(this.#coin);
    this.#probe = probe;
    this.#episode = 1000 * salt;
  }

  reset(): Float32Array {
    this.#t = 0;
    this.#coin = fraction(this.#episode++, 7) < 0.5 ? -1 : 1;
    return this.#see();
  }

  step(action: number) {
    const { steps, isCutOff = false, mask } = this.#probe;
    if (mask?.(this.#coin)[action] === 0) throw new Error(`action ${action} is forbidden`);
    const reward = this.#probe.reward(this.#t++, action, this.#coin);
    const isOver = this.#t === steps;
    return { observation: this.#see(), reward, terminated: isOver && !isCutOff, truncated: isOver && isCutOff };
  }

  #see(): Float32Array {
    return new Float32Array(this.#probe.see(this.#t, this.#coin));
  }
}

/** What was seen and done in the last rollout of a training, with what actor and critic said of it. */
export interface Row {
  readonly observation: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly probability: number;
  readonly value: number;
}

interface LearnOptions {
  readonly numEnvs?: number;
  readonly network?: Network;
  readonly options?: Partial<Hyperparameters>;
}

/** The last rollout, row after row, of an agent that has been trained in a probe. */
export async function learn(
  probe: Probe,
  iterations: number,
  { numEnvs = 8, network, options }: LearnOptions = {},
): Promise<readonly Row[]> {
  const env = new SyncVectorEnv(Array.from({ length: numEnvs }, (_, index) => new ProbeEnv(probe, index)));
  const config = {
    ...{ numSteps: 16, numMinibatches: 2, numEpochs: 4, hiddenSizes: [16], learningRate: 0.02 },
    ...{ entropyCoefficient: 0, clipValueLoss: false, maxGradNorm: 10, gamma: probe.gamma ?? 1, ...options },
  };
  const agent = await PPO.create(env, config, { network });
  const totalSteps = iterations * numEnvs * config.numSteps;
  for await (const _ of agent.train({ totalSteps }));
  const { observations, actions, rewards, logProbs, values } = agent.rollout;
  const size = observations.size / values.size;
  return Array.from(values.data, (value, row) => ({
    observation: [...observations.data.subarray(row * size, (row + 1) * size)] as number[],
    action: actions.data[row] as number,
    reward: rewards.data[row] as number,
    probability: Math.exp(logProbs.data[row] as number),
    value,
  }));
}
