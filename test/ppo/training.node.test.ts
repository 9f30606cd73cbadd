// What training promises beside learning: ratios that start at exactly 1, memory that does not grow, runs that resume
// to the same bytes, and errors that say where.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  Engine,
  type Env,
  FileFormatError,
  hasRelaxedSimd,
  type Iteration,
  type KernelVariant,
  make,
  makeVec,
  NonFiniteError,
  PPO,
  type StepResult,
  SyncVectorEnv,
  UnsupportedError,
  type VectorEnv,
} from "../../src/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.ts";
import { float32, matmul, program } from "../../src/tensor/index.ts";
import { ScriptedVectorEnv } from "./scripted-env.ts";

const cartPoles = (numEnvs = 4) => makeVec("CartPole-v1", { numEnvs, seed: 1 });

async function iterate(agent: PPO, totalSteps: number): Promise<Iteration[]> {
  const iterations: Iteration[] = [];
  for await (const iteration of agent.train({ totalSteps })) iterations.push(iteration);
  return iterations;
}

/** Environments of continuous actions, whose observation follows the action. */
class Follower implements Env<Float32Array> {
  readonly observationSpace = new Box(-10, 10, [2]);
  readonly actionSpace = new Box([-1, -0.25], [1, 0.25]);
  readonly seen: number[] = [];
  #steps = 0;

  reset(_?: { seed?: number }, into = new Float32Array(2)): Float32Array {
    this.#steps = 0;
    return into.fill(0.5);
  }

  step(action: Float32Array, into?: StepResult): StepResult {
    this.seen.push(...action);
    this.#steps++;
    const result = into ?? { observation: new Float32Array(2), reward: 0, terminated: false, truncated: false };
    result.observation.set(action);
    result.reward = -Math.abs((action[0] as number) - 0.3);
    result.terminated = this.#steps === 7;
    result.truncated = false;
    return result;
  }
}

describe("the ratio of new to old probability", () => {
  // A step size that rounds to 0 leaves the policy as it was, so the ratio has to stay 1 in every minibatch of every
  // epoch. Minibatches of 15 rows meet the kernels' ragged edges, and rollouts of 3 rows other tiles than they.
  const frozen = { learningRate: 1e-60, numSteps: 20, numMinibatches: 4, seed: 2 };

  it.each(["strict", "fma"] as const)("starts at exactly 1: categorical, %s kernels", async (kernels) => {
    if (kernels === "fma" && !hasRelaxedSimd()) return;
    const agent = await PPO.create(await cartPoles(3), { ...frozen, kernels });
    for (const { approxKl, clipFraction } of await iterate(agent, 300)) {
      expect(approxKl).toBe(0);
      expect(clipFraction).toBe(0);
    }
  });

  it("starts at exactly 1: Gaussian", async () => {
    const agent = await PPO.create(new SyncVectorEnv([new Follower(), new Follower(), new Follower()]), frozen);
    for (const { approxKl, clipFraction } of await iterate(agent, 300)) {
      expect(approxKl).toBe(0);
      expect(clipFraction).toBe(0);
    }
  });

  it("moves once the parameters do", async () => {
    const agent = await PPO.create(await cartPoles(3), { ...frozen, learningRate: 1e-3 });
    for (const { approxKl } of await iterate(agent, 300)) expect(approxKl).toBeGreaterThan(0);
  });
});

describe("training", () => {
  it("takes whole iterations up to the steps asked for, and counts them", async () => {
    const agent = await PPO.create(await cartPoles(), { numSteps: 32, annealClipRange: true });
    const iterations = await iterate(agent, 300);
    expect(iterations.map(({ iteration, steps }) => [iteration, steps])).toEqual([
      [1, 128],
      [2, 256],
      [3, 384],
    ]);
    expect([agent.iteration, agent.steps, agent.totalSteps]).toEqual([3, 384, 300]);
    expect(iterations.map(({ learningRate }) => learningRate)).toEqual(
      [1, 1 - 1 / 3, 1 - 2 / 3].map((remaining) => 2.5e-4 * remaining),
    );
    expect(iterations.map(({ clipRange }) => clipRange)).toEqual(
      [1, 1 - 1 / 3, 1 - 2 / 3].map((remaining) => 0.2 * remaining),
    );
  });

  it("clips by the range that falls, and steps by the rate that falls", async () => {
    const train = async (given: object) => {
      const options = { numSteps: 32, learningRate: 1e-2, annealLearningRate: false, clipValueLoss: false, ...given };
      const [first, second] = await iterate(await PPO.create(await cartPoles(), options), 2 * 128);
      return [first, second] as [Iteration, Iteration];
    };
    const [plain, clips, steps] = [
      await train({}),
      await train({ annealClipRange: true }),
      await train({ annealLearningRate: true }),
    ];
    // The first iteration has the whole of both, the second half.
    expect(clips[0]).toEqual(plain[0]);
    expect(clips[1].clipRange).toBe(0.1);
    expect(clips[1].clipFraction).toBeGreaterThan(plain[1].clipFraction);
    expect(steps[0]).toEqual(plain[0]);
    expect(steps[1].learningRate).toBe(5e-3);
    expect(steps[1].approxKl).toBeLessThan(plain[1].approxKl);
  });

  it("goes on where its loop was left", async () => {
    const options = { numSteps: 32, seed: 4 };
    const [left, whole] = await Promise.all([0, 1].map(async () => PPO.create(await cartPoles(), options)));
    for await (const { iteration } of (left as PPO).train({ totalSteps: 1280 })) if (iteration === 3) break;
    for await (const { iteration } of (left as PPO).train()) expect(iteration).toBeGreaterThan(3);
    await iterate(whole as PPO, 1280);
    expect((left as PPO).policy.toBytes()).toEqual((whole as PPO).policy.toBytes());
  });

  it("gives other parameters for another seed", async () => {
    const train = async (seed: number) => {
      const agent = await PPO.create(await cartPoles(), { numSteps: 32, seed });
      await iterate(agent, 256);
      return [...agent.policy.tensors.flatMap(({ data }) => [...data])];
    };
    expect(await train(1)).toEqual(await train(1));
    expect(await train(1)).not.toEqual(await train(2));
  });

  it.skipIf(!hasRelaxedSimd())("computes with the kernels that were asked for", async () => {
    const engine = await Engine.create({ kernels: "fma" });
    const square = program(engine, { x: float32([1, 2]), y: float32([2, 1]) }, ({ x, y }) => ({ sum: matmul(x, y) }));
    square.inputs.x.set([1, 1 + 2 ** -12]);
    square.inputs.y.set([-1 - 2 ** -11, 1 + 2 ** -12]);
    square.run();
    // Not 0 where the processor fuses, which decides whether the two modules differ at all.
    const fuses = square.outputs.sum.item() !== 0;
    const train = async (kernels: KernelVariant) => {
      const agent = await PPO.create(await cartPoles(), { numSteps: 32, kernels });
      await iterate(agent, 128);
      return agent.policy.tensors.flatMap(({ data }) => [...data]);
    };
    const [strict, fma] = [await train("strict"), await train("fma")];
    expect(strict.some((value, index) => value !== fma[index])).toBe(fuses);
  });

  it("gives the environment actions within its bounds, and learns from those that it drew", async () => {
    const env = new Follower();
    const agent = await PPO.create(new SyncVectorEnv([env]), { numSteps: 64 });
    await iterate(agent, 256);
    const [first, second] = [0, 1].map((offset) => env.seen.filter((_, index) => index % 2 === offset)) as [
      number[],
      number[],
    ];
    expect(Math.max(...first.map(Math.abs))).toBeLessThanOrEqual(1);
    // A standard deviation of 1 within bounds of 0.25: most actions lie at one of them.
    expect(second.filter((action) => Math.abs(action) === 0.25).length).toBeGreaterThan(128);
  });

  it("learns a continuous task", async () => {
    const envs = [0, 1, 2, 3].map(() => new Follower());
    const agent = await PPO.create(new SyncVectorEnv(envs), { learningRate: 3e-3, entropyCoefficient: 0 });
    const iterations = await iterate(agent, 40_000);
    // Seven steps, each worth minus the distance from 0.3: at first about -0.7 each.
    expect(iterations[0]?.meanReturn).toBeLessThan(-4);
    expect(iterations.at(-1)?.meanReturn).toBeGreaterThan(-1.5);
  });

  it("ends the epochs of an update after the first whose mean KL exceeds targetKl", async () => {
    const update = async (numEpochs: number, targetKl: number | null) => {
      const options = { numSteps: 32, learningRate: 2e-3, numEpochs, targetKl, seed: 3 };
      const agent = await PPO.create(await cartPoles(), options);
      const [{ approxKl } = {} as Iteration] = await iterate(agent, 128);
      return { approxKl, values: agent.policy.tensors.map(({ data }) => data.slice()) };
    };
    // What an update of one epoch comes to, of two epochs, and so on; and the KL of the last epoch of each alone.
    const whole = await Promise.all([1, 2, 3, 4, 5, 6].map((epochs) => update(epochs, null)));
    const kls = whole.map(({ approxKl }, index) => (index + 1) * approxKl - index * (whole[index - 1]?.approxKl ?? 0));
    const sums = kls.map((_, index) => kls.slice(0, index + 1).reduce((sum, kl) => sum + kl));
    const ends = new Set<number>();
    for (const kl of [...kls, ...sums].map((kl) => 0.99 * kl)) {
      const first = kls.findIndex((other) => other > kl);
      const { values } = await update(6, kl);
      expect(values).toEqual(whole.at(first)?.values);
      ends.add(first);
    }
    // After the first epoch, after the last because no KL was above, and between.
    expect([...ends]).toEqual(expect.arrayContaining([0, -1]));
    expect(ends.size).toBeGreaterThan(3);
  });

  it("is solved after the steps of all environments together, the one that solved it included", async () => {
    // Episodes of seven steps in three environments: the hundredth ends in the 34th of each, whatever they are worth.
    const envs = [new Follower(), new Follower(), new Follower()];
    const spec = { id: "Follower", rewardThreshold: -1000 };
    const agent = await PPO.create(new SyncVectorEnv(envs, { spec }), { numSteps: 20, hiddenSizes: [4] });
    const iterations = await iterate(agent, 900);
    expect(new Set(iterations.map(({ solvedAtStep }) => solvedAtStep))).toEqual(new Set([null, 3 * 7 * 34]));
    expect(iterations.at(-1)).toMatchObject({ episodes: 3 * Math.floor(900 / 3 / 7), meanLength: 7 });
  });

  it("does not let memory grow, iteration by iteration", async () => {
    const agent = await PPO.create(await cartPoles(), { numSteps: 32 });
    const buffer = () => agent.policy.tensors[0]?.data.buffer;
    const heapUsed = () => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    };
    const WINDOW = 500;
    const heaps: number[] = [];
    let memory = buffer();
    for await (const { iteration } of agent.train({ totalSteps: 6 * WINDOW * 128 })) {
      if (iteration === WINDOW) memory = buffer();
      if (iteration % WINDOW === 0) heaps.push(heapUsed());
    }
    expect(globalThis.gc).toBeDefined();
    // The linear memory is the very same. What compiling hot code leaves in the heap comes in some of the windows; what
    // an iteration left would come in all of them.
    expect(buffer()).toBe(memory);
    const growth = heaps.slice(1).map((heap, index) => heap - (heaps[index] as number));
    expect(Math.min(...growth)).toBeLessThan(50 * WINDOW);
  });
});

describe("a checkpoint", () => {
  const options = { numSteps: 32, learningRate: 1e-3, annealClipRange: true, seed: 6 };

  it("goes on to the bytes of the training that never stopped", async () => {
    const whole = await PPO.create(await cartPoles(), options);
    await iterate(whole, 20 * 128);

    const stopped = await PPO.create(await cartPoles(), options);
    for await (const { iteration } of stopped.train({ totalSteps: 20 * 128 })) if (iteration === 7) break;
    const bytes = stopped.checkpoint();
    const resumed = await PPO.resume(await cartPoles(), bytes);
    expect([resumed.iteration, resumed.steps, resumed.totalSteps]).toEqual([7, 7 * 128, 20 * 128]);
    expect(resumed.checkpoint()).toEqual(bytes);
    for await (const { iteration } of resumed.train()) expect(iteration).toBeGreaterThan(7);

    expect(resumed.policy.toBytes()).toEqual(whole.policy.toBytes());
    expect(resumed.checkpoint()).toEqual(whole.checkpoint());
  });

  it("is refused where it is cut short, altered or of something else", async () => {
    const agent = await PPO.create(await cartPoles(), options);
    await iterate(agent, 128);
    const bytes = agent.checkpoint();
    const resume = async (altered: Uint8Array) => PPO.resume(await cartPoles(), altered);
    await expect(resume(bytes.subarray(0, 100))).rejects.toThrow(FileFormatError);
    await expect(resume(bytes.subarray(0, bytes.length - 1))).rejects.toThrow(/^checkpoint: truncated: tensor/);
    await expect(resume(agent.policy.toBytes())).rejects.toThrow(
      new FileFormatError("checkpoint: not a checkpoint of proximal (format policy)"),
    );
    const { tensors, metadata: digested } = decodeSafetensors(bytes, "checkpoint");
    const { sha256, ...metadata } = digested;
    const without = encodeSafetensors({
      tensors: tensors.filter(({ name }) => name !== "parameters.critic.1.bias"),
      metadata,
    });
    await expect(resume(without)).rejects.toThrow(
      new FileFormatError("checkpoint: tensor parameters.critic.1.bias is missing"),
    );
    await expect(PPO.resume(await cartPoles(3), bytes)).rejects.toThrow(
      new ConfigurationError("numEnvs: the checkpoint has 4 environments, not 3"),
    );
  });
});

describe("what goes wrong", () => {
  it.each([
    [{ gamma: 1.5 }, "gamma: 1.5 is not a number from 0 to 1"],
    [{ clipRange: 0 }, "clipRange: 0 is not a number between 0 and 1, exclusive"],
    [{ clipRange: 1 }, "clipRange: 1 is not a number between 0 and 1, exclusive"],
    [{ gaeLambda: 1.01 }, "gaeLambda: 1.01 is not a number from 0 to 1"],
    [{ entropyCoefficient: -0.01 }, "entropyCoefficient: -0.01 is not a number of at least 0"],
    [{ valueCoefficient: -0.5 }, "valueCoefficient: -0.5 is not a number of at least 0"],
    [{ adamEpsilon: 0 }, "adamEpsilon: 0 is not a number above 0"],
    [{ maxGradNorm: 0 }, "maxGradNorm: 0 is not a number above 0"],
    [{ seed: -1 }, "seed: -1 is not an integer of at least 0"],
    [{ learningRate: Number.NaN }, "learningRate: NaN is not a number above 0"],
    [{ numEpochs: 2.5 }, "numEpochs: 2.5 is not an integer of at least 1"],
    [{ activation: "gelu" as "tanh" }, 'activation: "gelu" is not tanh or relu or elu or silu'],
    [{ hiddenSizes: [64, 0] }, "hiddenSizes: [64,0] is not a list of integers of 1 or more"],
    [{ gamma: null as never }, "gamma: null is not a number from 0 to 1"],
    [{ learningRate: Number.POSITIVE_INFINITY }, "learningRate: Infinity is not a number above 0"],
    [
      { numSteps: 2147483647, numMinibatches: 3 },
      "numMinibatches: 3 does not divide the batch of 4 environments x 2147483647 steps = 8589934588; 2 or 4 would",
    ],
    [{ targetKl: 0 }, "targetKl: 0 is not a number above 0, or null"],
    [{ gaeLamda: 0.9 } as object, "hyper-parameters: there is no option gaeLamda; did you mean gaeLambda?"],
    [
      { numSteps: 50, numMinibatches: 3 },
      "numMinibatches: 3 does not divide the batch of 4 environments x 50 steps = 200; 2 or 4 would",
    ],
    [
      { numSteps: 1 },
      "numMinibatches: 4 leaves minibatches of 1, which have no standard deviation to normalise advantages by; use fewer",
    ],
  ])("%j", async (options, message) => {
    await expect(PPO.create(await cartPoles(), options)).rejects.toThrow(new ConfigurationError(message));
  });

  it("is not said of what lies at the ends of the ranges", async () => {
    const edges = {
      ...{ gamma: 1, gaeLambda: 0, entropyCoefficient: 0, valueCoefficient: 0, clipRange: 0.999, seed: 0 },
      ...{ maxGradNorm: Number.POSITIVE_INFINITY, hiddenSizes: [], numEpochs: 1 },
      // Minibatches of one row, which nothing is normalised by.
      ...{ normalizeAdvantages: "none" as const, numSteps: 1, numMinibatches: 4 },
    };
    const agent = await PPO.create(await cartPoles(), edges);
    expect(agent.config).toMatchObject(edges);
    expect(await iterate(agent, 8)).toHaveLength(2);
  });

  it("is said of what is no vector environment", async () => {
    const error = new ConfigurationError(
      "env: it is no vector environment, which has singleObservationSpace and step; makeVec makes one",
    );
    const bytes = (await PPO.create(await cartPoles())).checkpoint();
    for (const env of [await make("CartPole-v1"), undefined, {}]) {
      await expect(PPO.create(env as never)).rejects.toThrow(error);
      await expect(PPO.resume(env as never, bytes)).rejects.toThrow(error);
    }
  });

  it("is said of environments that another agent was given", async () => {
    const env = await cartPoles();
    const first = await PPO.create(env, { numSteps: 16 });
    await iterate(first, 64);
    const bytes = first.checkpoint();
    const error = new ConfigurationError("env: another agent was given these environments; each has to have its own");
    const second = await PPO.create(env, { numSteps: 16 });
    await expect(iterate(first, 128)).rejects.toThrow(error);
    await iterate(second, 64);
    const third = await PPO.resume(env, bytes);
    await expect(iterate(second, 128)).rejects.toThrow(error);
    await iterate(third, 128);
  });

  it("is said of two loops of one agent, in the one that was there before", async () => {
    const agent = await PPO.create(await cartPoles(), { numSteps: 16 });
    const loop = agent.train({ totalSteps: 640 });
    await loop.next();
    for await (const { iteration } of agent.train()) if (iteration === 3) break;
    await expect(loop.next()).rejects.toThrow(
      new ConfigurationError("train: it was called again in the middle of this loop; leave one before the other"),
    );
    expect((await iterate(agent, 640)).at(-1)?.iteration).toBe(10);
  });

  it("is said of a number of steps", async () => {
    const agent = await PPO.create(await cartPoles());
    await expect(iterate(agent, 0)).rejects.toThrow(
      new ConfigurationError("totalSteps: 0 is not an integer of at least 1"),
    );
    await expect(agent.train().next()).rejects.toThrow(
      new ConfigurationError("totalSteps: undefined is not an integer of at least 1"),
    );
  });

  it("is said of an action space that does not count from 0", async () => {
    const space = { observationSpace: new Box(-1, 1, [2]), actionSpace: new Discrete(2, 5) };
    const env = new ScriptedVectorEnv({ numEnvs: 1, ...space, terminated: [], truncated: [] });
    await expect(PPO.create(env)).rejects.toThrow(
      new ConfigurationError("action space: Discrete(2, start 5); actions have to be counted from 0"),
    );
  });

  it("is said of environments without a state where a checkpoint is asked for, and training needs none", async () => {
    const space = { observationSpace: new Box(-1, 1, [2]), actionSpace: new Discrete(2) };
    const make = () => new ScriptedVectorEnv({ numEnvs: 2, ...space, terminated: [], truncated: [] });
    const agent = await PPO.create(make(), { numSteps: 8 });
    expect(await iterate(agent, 32)).toHaveLength(2);
    const why = "so that it cannot be saved and resumed";
    expect(() => agent.checkpoint()).toThrow(new UnsupportedError(`ScriptedVectorEnv: it has no state(), ${why}`));
    const saved = Object.assign(make(), { state: () => ({}) });
    const bytes = (await PPO.create(saved, { numSteps: 8 })).checkpoint();
    await expect(PPO.resume(make(), bytes)).rejects.toThrow(
      new UnsupportedError(`ScriptedVectorEnv: it has no restore(), ${why}`),
    );
    const puppets = new SyncVectorEnv([new Follower()]);
    expect(() => puppets.state()).toThrow(new UnsupportedError(`Follower: it has no state(), ${why}`));
  });

  it("is said of environments whose spaces are none", async () => {
    const env = Object.assign(await cartPoles(), { singleActionSpace: { n: 2 } });
    await expect(PPO.create(env as never)).rejects.toThrow(
      new ConfigurationError('env: singleActionSpace: {"n":2} is no space of this copy of proximal'),
    );
  });

  it.each([
    ["discrete", cartPoles],
    ["continuous", async () => new SyncVectorEnv([new Follower(), new Follower()])],
  ])("is said of the policy, and not of the environments, where its output is no number: %s", async (_, make) => {
    const env: VectorEnv = await make();
    const agent = await PPO.create(env, { numSteps: 16 });
    await iterate(agent, 64);
    const weight = agent.policy.tensors.find(({ name }) => name === "actor.2.weight");
    weight?.data.fill(Number.NaN);
    const error = new NonFiniteError("value of actor.2.weight[0] is NaN");
    expect(() => agent.checkpoint()).toThrow(error);
    await expect(agent.savePolicy("nowhere.safetensors")).rejects.toThrow(error);
    weight?.data.fill(3e38);
    await expect(iterate(agent, 10_000)).rejects.toThrow(
      /^policy: log π\(a \| s\) is (NaN|-?Infinity); its networks are not finite$/,
    );
    // Environments and streams have moved on, and the iteration has not: it could not be gone on with.
    expect(() => agent.checkpoint()).toThrow(
      new ConfigurationError(
        "checkpoint: this is after an iteration that failed; it can be called between iterations only",
      ),
    );
  });

  it("is said of parameters that an update made infinite, before the iteration counts", async () => {
    const agent = await PPO.create(await cartPoles(), {
      numSteps: 16,
      numEpochs: 1,
      numMinibatches: 1,
      learningRate: 1e300,
    });
    await expect(iterate(agent, 64)).rejects.toThrow(/^value of [a-z0-9.]+\[\d+\] is (NaN|-?Infinity)$/);
    expect(agent.iteration).toBe(0);
    expect(() => agent.checkpoint()).toThrow(/^checkpoint: this is after an iteration that failed/);
  });

  it("is said of a checkpoint in the middle of an iteration, and of a loop that begins there", async () => {
    const agent = await PPO.create(await cartPoles(), { numSteps: 20_000 });
    const loop = agent.train({ totalSteps: 80_000 }).next();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const place = "this is in the middle of an iteration; it can be called between iterations only";
    expect(() => agent.checkpoint()).toThrow(new ConfigurationError(`checkpoint: ${place}`));
    await expect(agent.train().next()).rejects.toThrow(new ConfigurationError(`train: ${place}`));
    await loop;
    expect(agent.checkpoint().length).toBeGreaterThan(0);
  });

  it("is said of environments that another agent is given in the middle of an iteration", async () => {
    const env = await cartPoles();
    const agent = await PPO.create(env, { numSteps: 20_000 });
    const loop = agent.train({ totalSteps: 80_000 }).next();
    const refused = expect(loop).rejects.toThrow(/^env: another agent was given these environments/);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await PPO.create(env);
    await refused;
  });

  it("is said of a loss that is not a number, with its place", async () => {
    const space = { observationSpace: new Box(-1, 1, [2]), actionSpace: new Discrete(2) };
    const env = new ScriptedVectorEnv({ numEnvs: 2, ...space, terminated: [], truncated: [] });
    const agent = await PPO.create(env, { numSteps: 8 });
    const [before] = await iterate(agent, 16);
    expect(before?.loss).not.toBeNaN();
    // Rewards this large are finite, and their squares are not.
    const step = env.step.bind(env);
    env.step = (actions) => {
      step(actions);
      env.rewards.fill(1e30);
    };
    await expect(iterate(agent, 64)).rejects.toThrow(
      new NonFiniteError("valueLoss is Infinity in iteration 2, epoch 1, minibatch 1, after 32 steps"),
    );
  });
});

it("a training ends between iterations once its signal is aborted, and goes on without it", async () => {
  const agent = await PPO.create(await cartPoles(), { numSteps: 8, hiddenSizes: [4] });
  const stop = new AbortController();
  const seen: number[] = [];
  const training = async () => {
    for await (const { iteration } of agent.train({ totalSteps: 1e6, signal: stop.signal })) {
      seen.push(iteration);
      if (iteration === 2) stop.abort(new Error("enough"));
    }
  };
  await expect(training()).rejects.toThrow("enough");
  expect(seen).toEqual([1, 2]);
  expect(agent.checkpoint().length).toBeGreaterThan(0);
  await agent.train().next();
  expect(agent.iteration).toBe(3);
  await expect(agent.train({ signal: {} as never }).next()).rejects.toThrow(
    new ConfigurationError("signal: {} is no AbortSignal"),
  );
});

it("a batch that is refused changes nothing: the agent can be saved, and goes on", async () => {
  const agent = await PPO.create(await cartPoles(), { numSteps: 8, hiddenSizes: [4] });
  await agent.train({ totalSteps: 1e6 }).next();
  const before = agent.checkpoint();
  const { observations, actions, logProbs, values, advantages, returns } = agent.rollout;
  const batch = Object.fromEntries(
    Object.entries({ observations, actions, logProbs, values, advantages, returns }).map(([name, { data }]) => [
      name,
      data.slice(),
    ]),
  ) as unknown as Parameters<typeof agent.update>[0];
  await expect(agent.update({ ...batch, returns: [1] })).rejects.toThrow(
    /^update: returns of 1 numbers; it has to be /,
  );
  expect(agent.checkpoint()).toEqual(before);
  await agent.train().next();
  expect(agent.iteration).toBe(2);
});
