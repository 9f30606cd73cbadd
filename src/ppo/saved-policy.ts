// A policy as an agent has it: it can be saved, and is read where all kernels are at hand.

import type { Bytes } from "../base/spec.ts";
import { Engine } from "../engine/engine.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
import type { Observation } from "../spaces/index.ts";
import { type Outputs, program } from "../tensor/program.ts";
import type { ActorCritic } from "./actor-critic.ts";
import type { EnvContext } from "./context.ts";
import { encodeFile } from "./file-format.ts";
import { ActingPolicy, checkLogProbs, type PolicyChoice, setObservations } from "./policy.ts";

/** An engine with all of these kernels. */
export const newEngine = (kernels: KernelVariant): Promise<Engine> => Engine.create({ kernels });

/** What a policy says of an observation with actions that are choices. */
interface CategoricalEvaluation {
  /** Of each action; of several choices those of each, one after the other, off before on: [n] */
  readonly probabilities: Float32Array;
  /** Of a Box only. */
  readonly mean?: never;
  /** Of a Box only. */
  readonly std?: never;
}

/** What it says with actions of a Box, which are normally distributed before they are limited or squashed. */
interface GaussianEvaluation {
  /** Of a Discrete space only. */
  readonly probabilities?: never;
  /** The means: [...action], flat */
  readonly mean: Float32Array;
  /** The standard deviations: [...action], flat */
  readonly std: Float32Array;
}

/** What a policy says of an observation. */
export type PolicyEvaluation<Action = number | Int32Array | Float32Array> = {
  /** log π(a | s) of the most likely action. */
  readonly logProb: number;
  /** V(s) */
  readonly value: number;
} & (Action extends Float32Array
  ? GaussianEvaluation
  : Action extends Int32Array
    ? CategoricalEvaluation
    : CategoricalEvaluation | GaussianEvaluation);

/**
 * What chooses actions.
 *
 * ```ts
 * const policy = await Policy.load("cartpole.safetensors");
 * const action = policy.act([0.01, 0.02, 0.03, 0.04]); // 0 or 1
 * ```
 */
export class Policy<Action = number | Int32Array | Float32Array> extends ActingPolicy<Action> {
  #evaluate: ReturnType<typeof captureEvaluate> | undefined;

  /**
   * What it says of one observation, as the environment shows it, or flat: the probabilities of the actions, or their
   * mean and standard deviation; the log-probability of the most likely action, and the value.
   *
   * ```ts
   * const { probabilities, value } = policy.evaluate([0.01, 0.02, 0.03, 0.04]);
   * ```
   * @throws as `act`
   */
  evaluate(observation: Observation): PolicyEvaluation<Action> {
    this.#evaluate ??= captureEvaluate(this.actorCritic, this.context);
    const { inputs, outputs, run } = this.#evaluate;
    setObservations("evaluate", inputs.observation, this.actorCritic.observationSpace, observation);
    run();
    const { values, logProb, ...parameters } = outputs;
    checkLogProbs(logProb);
    return {
      ...Object.fromEntries(Object.entries(parameters as Outputs).map(([name, { data }]) => [name, data.slice()])),
      logProb: logProb.item(),
      value: values.item(),
    } as PolicyEvaluation<Action>;
  }

  /**
   * The bytes of a safetensors file: each parameter under its name, weights [inputs, outputs]; the spaces and the
   * configuration as metadata.
   * @throws NonFiniteError for a parameter that is not finite
   */
  toBytes(): Bytes {
    const { observationSpace, actionSpace } = this.actorCritic;
    const about = {
      observationSpace: observationSpace.toJSON(),
      actionSpace: actionSpace.toJSON(),
      config: this.config,
    };
    return encodeFile("policy", about, this.actorCritic.parameters.finite());
  }

  /**
   * Writes `toBytes` to a file, in place of one that may be there.
   * @throws NonFiniteError as it; FileFormatError for a file that cannot be written
   */
  async save(path: string): Promise<void> {
    const { writeFile } = await import("../io/files.ts");
    await writeFile(path, this.toBytes());
  }

  /**
   * The policy in a file that `save` wrote, or in the bytes that `toBytes` gave.
   *
   * ```ts
   * const policy = await Policy.load<number>("cartpole.safetensors");
   * const action: number = policy.act([0.01, 0.02, 0.03, 0.04]);
   * ```
   * @typeParam Action what its actions are known to be: number for Discrete, Float32Array for Box
   * @throws FileFormatError for what is not the file of a policy; ConfigurationError for an engine of other kernels
   */
  static async load<Action = number | Int32Array | Float32Array>(
    policy: string | Uint8Array,
    options: PolicyChoice = {},
  ): Promise<Policy<Action>> {
    const { readPolicy } = await import("./policy-file.ts");
    return readPolicy(Policy<Action>, policy, options, newEngine);
  }
}

function captureEvaluate(actorCritic: ActorCritic, { memory, starts }: EnvContext) {
  return program(actorCritic.engine, { observation: actorCritic.observations(1) }, ({ observation }) => {
    const { distribution, values } = actorCritic.forward(observation, { memory, starts });
    return { values, logProb: distribution.logProb(distribution.mode()), ...distribution.parameters() };
  });
}
