// Checkpoints: what they are of, that every field of theirs is checked, and that every bit of every part comes back.

import { describe, expect, it } from "vitest";
import {
  ActorCritic,
  Box,
  ConfigurationError,
  Discrete,
  type Env,
  FileFormatError,
  type Hyperparameters,
  hasRelaxedSimd,
  type Iteration,
  makeVec,
  PPO,
  ProximalError,
  register,
  type StepResult,
  SyncVectorEnv,
  type VectorEnv,
} from "../../src/index.ts";
import { decodeSafetensors, encodeSafetensors, type TensorFile } from "../../src/io/index.ts";
import { parse, stringify } from "../../src/io/json.ts";
import { type Configuration, configurations, environmentsOf } from "./configurations.ts";

const cartPoles = (numEnvs = 2) => makeVec("CartPole-v1", { numEnvs, seed: 1 });
const options = { numSteps: 16, seed: 6, hiddenSizes: [4] };

async function trained(
  env: VectorEnv,
  given: Partial<Hyperparameters> = options,
  iterations = 3,
  seen: Iteration[] = [],
): Promise<PPO> {
  const agent = await PPO.create(env, given);
  for await (const iteration of agent.train({ totalSteps: 640 })) {
    seen.push(iteration);
    if (iteration.iteration === iterations) break;
  }
  return agent;
}

/** A picture of 2 x 3 pixels, one of which is lit: the action is right where it names the row. */
class Lamp implements Env<number, Uint8Array> {
  readonly observationSpace = new Box(0, 255, [2, 3], "uint8");
  readonly actionSpace = new Discrete(2);
  #step = 0;
  #lit = 0;

  reset(_?: { seed?: number }, into = new Uint8Array(6)): Uint8Array {
    this.#step = 0;
    return this.#draw(into);
  }

  step(action: number, into?: StepResult<Uint8Array>): StepResult<Uint8Array> {
    const result = into ?? { observation: new Uint8Array(6), reward: 0, terminated: false, truncated: false };
    result.reward = action === Math.floor(this.#lit / 3) ? 1 : 0;
    this.#step++;
    this.#draw(result.observation);
    result.terminated = this.#step === 12;
    result.truncated = false;
    return result;
  }

  state(): object {
    return { step: this.#step, lit: Uint8Array.of(this.#lit) };
  }

  restore(state: unknown): void {
    const { step, lit } = state as { step: number; lit: Uint8Array };
    this.#step = step;
    this.#lit = lit[0] as number;
  }

  #draw(into: Uint8Array): Uint8Array {
    this.#lit = (5 * this.#lit + 7 * this.#step + 1) % 6;
    into.fill(0)[this.#lit] = 255;
    return into;
  }
}

/** Observations that are zeros of either sign. */
class Zeros implements Env<number> {
  readonly observationSpace = new Box(-1, 1, [2]);
  readonly actionSpace = new Discrete(2);

  reset(): Float32Array {
    return Float32Array.of(-0, 0);
  }

  step(action: number): StepResult {
    return { observation: Float32Array.of(-0, 0), reward: action, terminated: false, truncated: false };
  }

  state(): object {
    return {};
  }

  restore(): void {}
}

describe("a checkpoint goes on to the bytes of the training that never stopped", () => {
  const lamps = async () => new SyncVectorEnv([new Lamp(), new Lamp()]);
  const cases: (readonly [string, () => Promise<VectorEnv>, Partial<Hyperparameters>])[] = [
    ["as it is", cartPoles, {}],
    ["with a clip range that falls", cartPoles, { annealClipRange: true }],
    ["with a learning rate that adapts", cartPoles, { annealLearningRate: false, desiredKl: 1e-3 }],
    ["with epochs that end early", cartPoles, { targetKl: 1e-3, learningRate: 1e-2 }],
    ...(hasRelaxedSimd() ? [["with kernels that fuse", cartPoles, { kernels: "fma" }] as const] : []),
    ["on observations of bytes", lamps, {}],
    ["on zeros of either sign", async () => new SyncVectorEnv([new Zeros(), new Zeros()]), {}],
  ];

  it.each(cases)("%s", async (_, make, given) => {
    const config = { ...options, ...given };
    const metrics: Iteration[] = [];
    const whole = await trained(await make(), config, 20, metrics);
    for (const iterations of [1, 7, 19]) {
      const bytes = (await trained(await make(), config, iterations)).checkpoint();
      const resumed = await PPO.resume(await make(), bytes);
      expect(resumed.checkpoint()).toEqual(bytes);
      for await (const iteration of resumed.train()) expect(iteration).toEqual(metrics[iteration.iteration - 1]);
      expect(resumed.iteration).toBe(20);
      expect(resumed.checkpoint()).toEqual(whole.checkpoint());
    }
  });

  it("the learning rate that adapts has moved, and its state lies in the file", async () => {
    const agent = await trained(await cartPoles(), { ...options, annealLearningRate: false, desiredKl: 10 }, 5);
    // Every update stays far below a KL of 10, so the rate grew five times.
    const { state } = contentsOf(decodeSafetensors(agent.checkpoint(), "checkpoint"));
    expect(state.learningRate).toEqual({ value: 2.5e-4 * 1.5 * 1.5 * 1.5 * 1.5 * 1.5 });
    // And every one moves further than 1e-9.
    const metrics: Iteration[] = [];
    await trained(await cartPoles(), { ...options, annealLearningRate: false, desiredKl: 1e-9 }, 3, metrics);
    expect(metrics.map(({ learningRate }) => learningRate)).toEqual([2.5e-4, 2.5e-4 / 1.5, 2.5e-4 / 1.5 / 1.5]);
    await expect(PPO.create(await cartPoles(), { desiredKl: 0.01 })).rejects.toThrow(
      new ConfigurationError(
        "desiredKl: 0.01 adapts the learning rate, and annealLearningRate lowers it; set annealLearningRate to false",
      ),
    );
  });
});

it("observations of bytes are learnt from, and kept as bytes", async () => {
  const agent = await PPO.create(new SyncVectorEnv([new Lamp(), new Lamp()]), { learningRate: 1e-3, gamma: 0 });
  let last = Number.NaN;
  for await (const { meanReturn } of agent.train({ totalSteps: 12_000 })) last = meanReturn;
  expect(last).toBeGreaterThan(10);
  expect(agent.act([255, 0, 0, 0, 0, 0])).toBe(0);
  expect(agent.act([0, 0, 0, 0, 255, 0])).toBe(1);
  const { tensors } = decodeSafetensors(agent.checkpoint(), "checkpoint");
  expect(tensors.find(({ name }) => name === "env.observations")?.data).toBeInstanceOf(Uint8Array);
});

describe("a checkpoint is refused", () => {
  it("for another environment, other spaces and another number of environments", async () => {
    const bytes = (await trained(await cartPoles())).checkpoint();
    const refused = async (env: VectorEnv, message: string) =>
      expect(PPO.resume(env, bytes)).rejects.toThrow(new ConfigurationError(message));
    await refused(await cartPoles(3), "numEnvs: the checkpoint has 2 environments, not 3");
    const { CartPole, Engine } = await import("../../src/index.ts");
    const engine = await Engine.create();
    register({ id: "CartPole-copy", create: () => new CartPole(engine) });
    await refused(
      await makeVec("CartPole-copy", { numEnvs: 2 }),
      "env: the checkpoint is of CartPole-v1, not of CartPole-copy",
    );
    const wide = () => {
      const env = new CartPole(engine);
      return Object.assign(env, { observationSpace: new Box(-1, 1, [4]) });
    };
    const spec = { id: "CartPole-v1" };
    await refused(
      new SyncVectorEnv([wide(), wide()], { spec }),
      "env: the checkpoint has the observation space Box(4), the environments another Box(4)",
    );
    const more = () => Object.assign(new CartPole(engine), { actionSpace: new Discrete(3) });
    await refused(
      new SyncVectorEnv([more(), more()], { spec }),
      "env: the checkpoint has the action space Discrete(2), the environments Discrete(3)",
    );
  });

  it("in another version", async () => {
    const { tensors, metadata } = decodeSafetensors((await trained(await cartPoles())).checkpoint(), "checkpoint");
    for (const version of [3, 5, 4.5, "4", null]) {
      const contents = { ...(parse(metadata.proximal as string) as object), version };
      const bytes = encodeSafetensors({ tensors, metadata: { proximal: stringify(contents) } });
      await expect(PPO.resume(await cartPoles(), bytes)).rejects.toThrow(
        new FileFormatError(`checkpoint: a checkpoint of version ${version}; this version of proximal reads version 4`),
      );
    }
  });

  it("by later versions of the same format no sooner than its version is raised", async () => {
    // A checkpoint has every hyper-parameter and every part. Where one is added or taken away, those written before
    // are refused: raise the version of the format in file-format.ts, and change this list.
    const { config, state, version } = contentsOf(
      decodeSafetensors((await trained(await cartPoles())).checkpoint(), ""),
    );
    expect([version, Object.keys(state), Object.keys(config as object)]).toEqual([
      4,
      ["progress", "parameters", "optimizer", "sampling", "shuffling", "episodes", "monitor", "env"],
      [
        ...["learningRate", "annealLearningRate", "numSteps", "numMinibatches", "numEpochs", "gamma", "gaeLambda"],
        ...["recomputeAdvantages", "objective", "clipRange", "annealClipRange", "dualClip", "klPenalty"],
        ...["klPenaltyTarget", "clipValueLoss", "normalizeAdvantages", "entropyCoefficient"],
        ...["annealEntropyCoefficient", "valueCoefficient", "maxGradNorm", "adamBeta1", "adamBeta2", "adamEpsilon"],
        ...["weightDecay", "targetKl", "desiredKl", "hiddenSizes", "activation", "layerNorm", "network", "memory"],
        ...[
          "memorySize",
          "sharedNetwork",
          "normalizeObservations",
          "clipObservations",
          "scaleRewards",
          "clipRewards",
          "normalizeValues",
        ],
        ...["actionDistribution", "logStd", "initialLogStd", "finalLogStd", "seed", "kernels"],
      ],
    ]);
  });

  /** Those that together have every part of the state, each with what those before it lack. */
  const kinds: readonly (readonly [string, Configuration])[] = [
    ["CartPole-v1", { env: "CartPole-v1", numEnvs: 2, options }],
    ...["LSTM, masks, normalisers", "GRU, scaled rewards, adaptive penalty", "adaptive rate, dual clip"].map(
      (name) => [name, configurations[name] as Configuration] as const,
    ),
  ];
  const seen = { places: new Set<string>(), tensors: new Set<string>() };
  const isNew = (names: Set<string>, name: string) => names.size < names.add(name).size;
  const savedOf = async (kind: Configuration) =>
    decodeSafetensors((await trained(await environmentsOf(kind), kind.options)).checkpoint(), "checkpoint");

  it.each(kinds)("with any field of its metadata missing, of another type, or one too many: %s", async (_, kind) => {
    const file = await savedOf(kind);
    const contents = contentsOf(file);
    const places = [...placesIn(contents)].filter((place) => isNew(seen.places, place.join(".")));
    expect(places.length).toBeGreaterThan(kind.env === "CartPole-v1" ? 60 : 1);
    for (const place of places) {
      for (const change of [remove, (parent: Parent, key: string) => set(parent, key, { wrong: 1 }), addBeside]) {
        const altered = structuredClone(contents) as unknown as Parent;
        const parent = place.slice(0, -1).reduce((inner, key) => inner[key] as Parent, altered);
        change(parent, place.at(-1) as string);
        const bytes = encodeSafetensors({ ...file, metadata: { proximal: stringify(altered) } });
        const resumed = PPO.resume(await environmentsOf(kind), bytes);
        await expect(resumed, `${change.name} ${place.join(".")}`).rejects.toThrow(/^[^\n]+$/);
        // A space that is one, but not the environment's, is of another training.
        await expect(resumed).rejects.toBeInstanceOf(ProximalError);
      }
    }
  });

  it.each(kinds)("with any tensor missing, of another shape or data type, or one too many: %s", async (_, kind) => {
    const file = await savedOf(kind);
    const refused = async (tensors: TensorFile["tensors"], place: string) => {
      const { sha256, ...metadata } = file.metadata;
      const resumed = PPO.resume(await environmentsOf(kind), encodeSafetensors({ tensors, metadata }));
      await expect(resumed, place).rejects.toBeInstanceOf(FileFormatError);
    };
    const [first] = file.tensors as [TensorFile["tensors"][number]];
    await refused([...file.tensors, { ...first, name: "other" }], "one too many");
    for (const [index, { name, shape, data }] of file.tensors.entries()) {
      if (!isNew(seen.tensors, name)) continue;
      const others = file.tensors.toSpliced(index, 1);
      await refused(others, `without ${name}`);
      const longer = Float32Array.from([...data, 0]);
      await refused([...others, { name, shape: [longer.length], data: longer }], `${name}, longer`);
      // A random stream has nothing else.
      if (data instanceof Int32Array) continue;
      await refused([...others, { name, shape, data: Int32Array.from(data) }], `${name} as int32`);
    }
  });

  it.each([
    ["parameters.observations.variance", "a tensor float64 [3] of finite numbers of at least 0", -1e-9],
    ["parameters.observations.count", "a tensor float64 [] of finite numbers of at least 0", -1],
    ["parameters.observations.mean", "a tensor float64 [3] of finite numbers", Number.NaN],
    ["parameters.returns.variance", "a tensor float64 [1] of finite numbers of at least 0", -1],
    ["parameters.returns.count", "a tensor float64 [] of finite numbers of at least 0", Number.POSITIVE_INFINITY],
    ["rewards.returns", "an array of 3 finite float64", Number.NaN],
    ["memory.memory", "a tensor [3, 20] of finite numbers", Number.NaN],
    ["memory.starts", "an array of 3 uint8 from 0 to 1", 2],
    ["optimizer.secondMoment.actor.0.weight", "a tensor [3, 5] of finite numbers of at least 0", -1e-9],
  ])("with %s out of its range, not %s", async (name, right, value) => {
    const kind = configurations["LSTM, masks, normalisers"] as Configuration;
    const { tensors, metadata: digested } = await savedOf(kind);
    const { sha256, ...metadata } = digested;
    tensors.find((tensor) => tensor.name === name)?.data.fill(value);
    const [, place = "", field] = /^(rewards|memory|parameters|optimizer\.secondMoment)\.(.*)$/.exec(name) ?? [];
    const wrong = right.replace(/ of finite.*| from .*/, "").replace("finite ", "");
    await expect(PPO.resume(await environmentsOf(kind), encodeSafetensors({ tensors, metadata }))).rejects.toThrow(
      new FileFormatError(`checkpoint: ${place.replace(".", ": ")}: ${field}: ${wrong} is not ${right}`),
    );
    // A policy has the moments, too.
    if (place !== "parameters") return;
    const policy = tensors.filter((tensor) => tensor.name.startsWith("parameters."));
    const agent = await PPO.create(await environmentsOf(kind), kind.options);
    const weights = Object.fromEntries(policy.map(({ name, ...rest }) => [name.slice("parameters.".length), rest]));
    const { actorCritic, config } = agent.policy;
    expect(
      () =>
        new ActorCritic(actorCritic.engine, actorCritic.observationSpace, actorCritic.actionSpace, config, { weights }),
    ).toThrow(new FileFormatError(`${field}: ${wrong} is not ${right}`));
  });

  it.each([
    ["LSTM, masks, normalisers", "rewards", "variance", -1, "a number of at least 0"],
    ["LSTM, masks, normalisers", "rewards", "count", -1e-9, "a number of at least 0"],
    ["LSTM, masks, normalisers", "rewards", "mean", Number.NaN, "a number of at least -1.7976931348623157e+308"],
    ["GRU, scaled rewards, adaptive penalty", "klPenalty", "value", 0, "a number above 0"],
    ["adaptive rate, dual clip", "learningRate", "value", 0, "a number above 0"],
  ])("of %s with the %s's %s %d", async (name, part, field, value, right) => {
    const kind = configurations[name] as Configuration;
    const file = await savedOf(kind);
    const contents = contentsOf(file);
    (contents.state[part] as Parent)[field] = value;
    const bytes = encodeSafetensors({ ...file, metadata: { proximal: stringify(contents) } });
    await expect(PPO.resume(await environmentsOf(kind), bytes)).rejects.toThrow(
      new FileFormatError(`checkpoint: ${part}: ${field}: ${value} is not ${right}`),
    );
  });
});

type Parent = Record<string, unknown>;

function contentsOf({ metadata }: TensorFile): { readonly state: Parent } & Parent {
  return parse(metadata.proximal as string) as { readonly state: Parent } & Parent;
}

/** The path of every value in a tree of JSON. */
function* placesIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* placesIn(member, [...path, key]);
}

function remove(parent: Parent, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function set(parent: Parent, key: string, value: unknown): void {
  parent[key] = value;
}

function addBeside(parent: Parent): void {
  if (Array.isArray(parent)) parent.push(1);
  else parent.surplus = 1;
}
