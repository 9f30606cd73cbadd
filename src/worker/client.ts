// The PPO of `proximal` in a thread of its own, with the same API: a page that trains goes on drawing.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames } from "../base/ranges.ts";
import type { Bytes } from "../base/spec.ts";
import { compiledKernels } from "../engine/engine.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
import type { Observation } from "../envs/index.ts";
import type { MakeVecOptions } from "../envs/make-vec.ts";
import type { Hyperparameters } from "../ppo/hyperparameters.ts";
import type { Iteration } from "../ppo/metrics.ts";
import type { Finding } from "../ppo/monitor.ts";
import type { ActOptions } from "../ppo/policy.ts";
import { checkSignal, type TrainOptions } from "../ppo/progress.ts";
import { Policy } from "../ppo/saved-policy.ts";
import { Caller } from "./calls.ts";
import { type About, bytesOf, type EnvsById, type Modules, type Trained } from "./messages.ts";
import { type AnyWorker, portOf, startThread } from "./port.ts";

/** Where an agent lives. */
export interface ThreadChoice {
  /** A thread of your own, whose script calls `serve` of `proximal/worker/thread`; a new one unless given. */
  readonly worker?: AnyWorker;
}

/**
 * `numEnvs` environments of a name, which the thread of the agent will make: as `makeVec` of `proximal`.
 * @throws ConfigurationError for what is no name
 */
export async function makeVec(id: string, options: Omit<MakeVecOptions, "engine"> = {}): Promise<EnvsById> {
  checkNames("makeVec", options, ["numEnvs", "seed"]);
  if (typeof id !== "string")
    throw new ConfigurationError(
      `makeVec: env is of type ${typeof id}; for another thread it has to be the id of an environment registered there`,
    );
  const { numEnvs = 1, seed = 1 } = options;
  return { id, numEnvs, seed };
}

/**
 * An agent in a thread of its own.
 *
 * ```ts
 * import { makeVec, PPO } from "proximal/worker";
 *
 * const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 8 }), { seed: 1 });
 * for await (const { steps, meanReturn } of agent.train({ totalSteps: 100_000 })) console.log(steps, meanReturn);
 * const action = agent.act([0.01, 0.02, 0.03, 0.04]); // at once: the policy is here as well
 * agent.close();
 * ```
 */
export class PPO {
  /** Where it learns. */
  readonly env: EnvsById;
  /** Every hyper-parameter, those that were not given included. */
  readonly config: Hyperparameters;
  /** What it has learnt up to the last iteration that was seen: a copy on this side. */
  readonly policy: Policy;
  readonly #thread: Caller;
  #iteration: number;
  #steps: number;
  #totalSteps: number;
  #findings: readonly Finding[] = [];

  private constructor(env: EnvsById, thread: Caller, about: About, policy: Policy) {
    this.env = env;
    this.config = about.config;
    this.policy = policy;
    this.#thread = thread;
    this.#iteration = about.iteration;
    this.#steps = about.steps;
    this.#totalSteps = about.totalSteps;
  }

  /**
   * An agent with new networks for these environments.
   *
   * ```ts
   * import { makeVec, PPO } from "proximal/worker";
   *
   * const worker = new Worker(new URL("thread.js", import.meta.url), { type: "module" }); // it calls `serve`
   * const agent = await PPO.create(await makeVec("Coin-v0", { numEnvs: 8 }), { learningRate: 1e-3 }, { worker });
   * ```
   * @throws what `PPO.create` of `proximal` throws; UnsupportedError where there are no threads
   */
  static create(env: EnvsById, options: Partial<Hyperparameters> = {}, choice: ThreadChoice = {}): Promise<PPO> {
    return PPO.#start("create", env, options, options.kernels ?? "strict", choice);
  }

  /**
   * Goes on from the bytes that `checkpoint` returned, here or in `proximal`.
   *
   * ```ts
   * import { makeVec, PPO } from "proximal/worker";
   *
   * const agent = await PPO.resume(await makeVec("CartPole-v1", { numEnvs: 8 }), bytes);
   * ```
   * @param kernels those of the checkpoint
   * @throws what `PPO.resume` of `proximal` throws; UnsupportedError where there are no threads
   */
  static resume(
    env: EnvsById,
    checkpoint: Uint8Array,
    { kernels = "strict", ...choice }: ThreadChoice & { readonly kernels?: KernelVariant } = {},
  ): Promise<PPO> {
    return PPO.#start("resume", env, checkpoint, kernels, choice);
  }

  static async #start(
    method: "create" | "resume",
    env: EnvsById,
    from: unknown,
    kernels: KernelVariant,
    choice: ThreadChoice,
  ): Promise<PPO> {
    checkNames("PPO", choice, ["worker"]);
    if (typeof Object(env).id !== "string")
      throw new ConfigurationError("env: it has to be what makeVec of proximal/worker gives");
    const modules: Modules = { agent: await compiledKernels(kernels), envs: await compiledKernels("strict") };
    const worker = choice.worker ?? startThread((await import("./generated/script.ts")).script);
    const thread = new Caller(portOf(worker));
    try {
      const about = await thread.call<About>(method, env, modules, from);
      return new PPO(env, thread, about, await Policy.load(about.policy));
    } catch (error) {
      thread.end(error as Error);
      throw error;
    }
  }

  /** Iterations so far. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Steps of all environments together so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The steps at which training stops and its schedules end; 0 before `train` was first called. */
  get totalSteps(): number {
    return this.#totalSteps;
  }

  /**
   * Trains, and yields after each iteration, as `train` of `proximal`. The next iteration begins when it is asked for.
   * @throws as `train` of `proximal`
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<Iteration, void, void> {
    const { signal, ...others } = options;
    checkSignal(signal);
    const loop = await this.#thread.call<number>("train", others);
    for (;;) {
      signal?.throwIfAborted();
      const { iteration, totalSteps, findings, parameters } = await this.#thread.call<Trained>("next", loop);
      this.#totalSteps = totalSteps;
      this.#findings = findings;
      if (iteration === undefined) return;
      this.#iteration = iteration.iteration;
      this.#steps = iteration.steps;
      let at = 0;
      for (const { data } of this.policy.tensors) {
        bytesOf(data).set(parameters.subarray(at, at + data.byteLength));
        at += data.byteLength;
      }
      yield iteration;
    }
  }

  /** What is wrong with the training so far, each once, in the order in which it was found. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Begins an episode of `act`: a policy with a memory forgets what came before. */
  beginEpisode(): void {
    this.policy.beginEpisode();
  }

  /** The action for one observation: the most likely one, or one drawn at random with `{ deterministic: false }`. */
  act(observation: Observation, options: ActOptions = {}): number | Int32Array | Float32Array {
    return this.policy.act(observation, options);
  }

  /** Writes the policy as a safetensors file, which `Policy.load` reads, in place of one that may be there. */
  savePolicy(path: string): Promise<void> {
    return this.policy.save(path);
  }

  /**
   * Writes `checkpoint` to a file, in place of one that may be there: what was there stays whole until all is written.
   * @throws as `checkpoint`; FileFormatError for a file that cannot be written
   */
  async saveCheckpoint(path: string): Promise<void> {
    const { writeFile } = await import("../io/files.ts");
    await writeFile(path, await this.checkpoint());
  }

  /**
   * Everything that training depends on, as the bytes of a safetensors file, for `PPO.resume` here or in `proximal`.
   * @throws as `checkpoint` of `proximal`
   */
  checkpoint(): Promise<Bytes> {
    return this.#thread.call("checkpoint");
  }

  /** Ends the thread; what was asked of it and not answered fails. */
  close(): void {
    this.#thread.end(new ConfigurationError("PPO: it was closed"));
  }
}
