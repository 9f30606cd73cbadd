// Environments of every space: what they show reaches the learner flat, and a policy takes it as it is.

import { describe, expect, it } from "vitest";
import { sizeOf } from "../../src/base/spec.ts";
import {
  Box,
  Dict,
  Discrete,
  Engine,
  type Env,
  evaluate,
  FileFormatError,
  MultiBinary,
  MultiDiscrete,
  makeVec,
  NonFiniteError,
  type Observation,
  type ObservationSpace,
  PCG64,
  Policy,
  PPO,
  ShapeError,
  type StepResult,
  SyncVectorEnv,
  TimeLimit,
  Tuple,
} from "../../src/index.ts";
import { Policy as Acting } from "../../src/policy/index.ts";

const engine = await Engine.create();

/** Shows one draw from its space after the other; terminates after three steps. */
class Show implements Env<number, Observation> {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace = new Discrete(3);
  readonly given: unknown[] = [];
  readonly shown: Observation[] = [];
  #random = new PCG64(engine, 1);
  #steps = 0;

  constructor(space: ObservationSpace) {
    this.observationSpace = space;
  }

  reset(options?: { seed?: number }, into?: Observation): Observation {
    if (options?.seed !== undefined) this.#random = new PCG64(engine, options.seed);
    this.given.push(into);
    this.#steps = 0;
    return this.#next();
  }

  step(action: number, into?: StepResult<Observation>): StepResult<Observation> {
    this.given.push(into?.observation);
    return { observation: this.#next(), reward: action, terminated: ++this.#steps === 3, truncated: false };
  }

  state(): object {
    return { steps: this.#steps, random: this.#random.state() };
  }

  restore(state: { steps: number; random: unknown }): void {
    this.#steps = state.steps;
    this.#random.restore(state.random);
  }

  #next(): Observation {
    const observation = this.observationSpace.sample(this.#random) as Observation;
    this.shown.push(observation);
    return observation;
  }
}

const robot = new Dict({ position: new Box(-1, 1, [3]), goal: new Discrete(4), speed: new Box(0, 1, []) });
const spaces = [
  new Box(-1, 1, [2]),
  new Box(0, 255, [2, 2], "uint8"),
  new Discrete(5, -1),
  new MultiDiscrete([2, 3]),
  new MultiBinary(3),
  robot,
  new Tuple([new Discrete(2), robot, new Box(0, 255, [2], "uint8")]),
].map((space) => ({ name: String(space), space }));

function flatOf(space: ObservationSpace, observation: unknown): number[] {
  const into = space.flat.dtype === "uint8" ? new Uint8Array(4) : new Float32Array(sizeOf(space.flat.shape));
  expect(space.flatten(observation, into)).toBeUndefined();
  return [...into];
}

describe.each(spaces)("environments of $name", ({ space }) => {
  it("show what they show, flat, and the last of an episode beside the first of the next", () => {
    const envs = [new Show(space), new Show(space)];
    const vector = new SyncVectorEnv<number>(envs);
    expect(vector.singleObservationSpace).toBe(space);
    vector.reset();
    const size = sizeOf(space.flat.shape);
    for (let step = 1; step <= 7; step++) {
      vector.step(Int32Array.of(0, 2));
      const isEnd = step % 3 === 0;
      for (const [index, { shown }] of envs.entries()) {
        const row = (all: ArrayLike<number>) => Array.from(all).slice(index * size, (index + 1) * size);
        expect(row(vector.observations)).toEqual(flatOf(space, shown.at(-1)));
        if (isEnd) expect(row(vector.finalObservations)).toEqual(flatOf(space, shown.at(-2)));
        expect(vector.terminated[index]).toBe(+isEnd);
      }
    }
    expect(vector.observations.constructor).toBe(space.flat.dtype === "uint8" ? Uint8Array : Float32Array);
    // Each is given one thing to write into, its own, over and over.
    expect(new Set(envs[0]!.given).size).toBe(1);
    const [own, other] = envs.map(({ given }) => given[0]) as [unknown, unknown];
    if (typeof own === "object") expect(own).not.toBe(other);
    expect(space.flatten(own, space.flat.dtype === "uint8" ? new Uint8Array(4) : new Float32Array(size))).toBe(
      undefined,
    );
  });

  it("go on from their state, and from a checkpoint of an agent", async () => {
    const make = () => makeVec<number>(() => new TimeLimit(new Show(space), 2), { numEnvs: 2, seed: 5 });
    const config = { hiddenSizes: [4], numSteps: 8, numMinibatches: 2, numEpochs: 1 };
    const agent = await PPO.create(await make(), config);
    const iterate = async (from: PPO<number>) => {
      for await (const _ of from.train({ totalSteps: from.steps + 16 }));
    };
    await iterate(agent);
    const resumed = await PPO.resume(await make(), agent.checkpoint());
    for (const each of [agent, resumed]) await iterate(each);
    expect(resumed.checkpoint()).toEqual(agent.checkpoint());
    const others = await makeVec<number>(() => new TimeLimit(new Show(new Box(0, 1, [9])), 2), { numEnvs: 2 });
    await expect(PPO.resume(others, agent.checkpoint())).rejects.toThrow(
      `env: the checkpoint has the observation space ${space}, the environments Box(9)`,
    );
  });

  it("are acted in with what they show, with its flat form, and in batches of either", async () => {
    const env = await makeVec<number>(() => new Show(space), { numEnvs: 3 });
    const agent = await PPO.create(env, { hiddenSizes: [4], numSteps: 8 });
    const bytes = agent.policy.toBytes();
    const policies = [agent.policy, await Policy.load<number>(bytes), await Acting.load<number>(bytes)];
    const random = new PCG64(engine, 3);
    const shown = Array.from({ length: 6 }, () => space.sample(random) as Observation);
    const flat = shown.map((observation) => flatOf(space, observation));
    const array = space.flat.dtype === "uint8" ? Uint8Array : Float32Array;
    const expected = shown.map((observation) => agent.act(observation));
    for (const policy of policies) {
      expect(shown.map((observation) => policy.act(observation))).toEqual(expected);
      expect(flat.map((observation) => policy.act(array.from(observation)))).toEqual(expected);
      expect([...policy.actBatch(array.from(flat.flat()))]).toEqual(expected);
      if (space.type !== "Box") expect([...policy.actBatch(shown)]).toEqual(expected);
    }
    expect(shown.map((observation) => agent.policy.evaluate(observation).value)).toEqual(
      flat.map((observation) => agent.policy.evaluate(array.from(observation)).value),
    );
    const play = (act: PPO<number>["act"]) => evaluate<number>({ act }, new Show(space), { episodes: 4 });
    expect(play((observation) => agent.act(observation))).toEqual(
      play((observation) => agent.act(array.from(flatOf(space, observation)))),
    );
  });
});

/** Writes into what it is given, and answers that. */
class Writer implements Env<number, { readonly position: Float32Array; goal: number; speed: Float32Array }> {
  readonly observationSpace = robot;
  readonly actionSpace = new Discrete(2);
  wrong: object = {};
  #time = 0;

  #empty() {
    return { position: new Float32Array(3), goal: 0, speed: new Float32Array(1) };
  }

  reset(_?: object, into = this.#empty()) {
    this.#time = 0;
    into.position.fill(0);
    into.goal = 0;
    return into;
  }

  step(_: number, into = { observation: this.#empty(), reward: 0, terminated: false, truncated: false }) {
    this.#time++;
    into.observation.position[1] = this.#time / 8;
    into.observation.goal = this.#time % 4;
    into.reward = 1;
    Object.assign(into.observation, this.wrong);
    return into;
  }
}

it("an environment may write into the observation that it is given", () => {
  const vector = new SyncVectorEnv([new Writer(), new Writer()]);
  vector.reset();
  vector.step(Int32Array.of(0, 0));
  vector.step(Int32Array.of(0, 0));
  const row = [0, 0, 1, 0, 0, 0.25, 0, 0];
  expect([...vector.observations]).toEqual([...row, ...row]);
  expect(evaluate<number>({ act: () => 0 }, new TimeLimit(new Writer(), 3), { episodes: 2 }).returns.mean).toBe(3);
});

describe("an observation that is not in its space", () => {
  it.each([
    [{ position: [0, 0, Number.NaN] }, new NonFiniteError("@.position[2] is NaN%; it has to be a finite float32")],
    [{ position: [0, 1e39, 0] }, new NonFiniteError("@.position[1] is 1e+39%; it has to be a finite float32")],
    [{ goal: 7 }, new ShapeError("@.goal is 7%; it has to be an integer from 0 to 3")],
    [{ goal: undefined }, new ShapeError("@.goal is undefined%; it has to be an integer from 0 to 3")],
    [{ extra: [] }, new ShapeError("@.extra is []%; it has to be left out: there are goal, position, speed")],
  ])("as with %j, is refused by its place", async (wrong, error) => {
    const like = (source: string, place: string) => {
      const message = error.message.replace("@", source).replace("%", place);
      return error instanceof NonFiniteError ? new NonFiniteError(message) : new ShapeError(message);
    };
    const envs = [new Writer(), new Writer()];
    const vector = new SyncVectorEnv(envs);
    vector.reset();
    vector.step(Int32Array.of(0, 0));
    envs[1]!.wrong = wrong;
    expect(() => vector.step(Int32Array.of(0, 0))).toThrow(like("Writer: observation", " in environment 1 at step 2"));
    const { policy } = await PPO.create(new SyncVectorEnv([new Writer()]), { hiddenSizes: [2], numSteps: 8 });
    const good = { position: [0, 0, 0], goal: 0, speed: 0 };
    expect(() => policy.act({ ...good, ...wrong })).toThrow(like("act: observation", ""));
    expect(() => policy.evaluate({ ...good, ...wrong })).toThrow(like("evaluate: observation", ""));
    expect(() => policy.actBatch([good, { ...good, ...wrong }])).toThrow(like("actBatch: observation[1]", ""));
  });

  it.each([
    [5, new ShapeError("5%; it has to be an integer from 0 to 4")],
    [Number.NaN, new NonFiniteError("NaN%; it has to be an integer from 0 to 4")],
    [undefined, new ShapeError("undefined%; it has to be an integer from 0 to 4")],
    [[1], new ShapeError("[1]%; it has to be an integer from 0 to 4")],
  ])("as %j of a Discrete, is refused", async (wrong, error) => {
    const env = new Show(new Discrete(5));
    const vector = new SyncVectorEnv<number>([env]);
    vector.reset();
    const like = (source: string, place: string) => `${source} ${error.message.replace("%", place)}`;
    env.step = () => ({ observation: wrong as number, reward: 0, terminated: false, truncated: false });
    expect(() => vector.step([0] as never)).toThrow(like("Show: the observation is", " in environment 0 at step 1"));
    env.reset = () => wrong as number;
    expect(() => vector.reset()).toThrow(like("Show: reset returned", " in environment 0 at step 1"));
    const { policy } = await PPO.create(new SyncVectorEnv([new Show(new Discrete(5))]), { numSteps: 8 });
    expect(() => policy.act(wrong as never)).toThrow(like("act: observation is", ""));
    expect(() => policy.actBatch([0, wrong] as never)).toThrow(like("actBatch: observation[1] is", ""));
  });

  it("is one of another flat length, or no list of them", async () => {
    const { policy } = await PPO.create(new SyncVectorEnv([new Writer()]), { hiddenSizes: [2], numSteps: 8 });
    expect(() => policy.act(new Float32Array(7))).toThrow(
      new ShapeError("act: an observation of 7 numbers; it has to be [8]"),
    );
    expect(() => policy.actBatch(new Float32Array(12))).toThrow(
      new ShapeError("actBatch: an observation of 12 numbers; it has to be [8]"),
    );
    for (const none of [undefined, [], {}, { position: [0, 0, 0], goal: 0, speed: 0 }])
      expect(() => policy.actBatch(none as never)).toThrow(
        /^actBatch: observation\[0\] is undefined; it has to be an obj/,
      );
  });
});

it("a space of nothing to see has no networks, and one for observations no head", async () => {
  const empty = new SyncVectorEnv<number>([new Show(new Dict({}))]);
  await expect(PPO.create(empty)).rejects.toThrow("observation space: it has no elements; it has to have at least one");
  const acting = Object.assign(new Show(new Discrete(2)), { actionSpace: new Tuple([]) });
  expect(() => new SyncVectorEnv<number>([acting as never])).toThrow(
    "environment 0: actionSpace of Show: Tuple(); actions are arrays, and come from another space",
  );
});

it("a policy's file with actions of a space for observations is refused", async () => {
  const { encodeSafetensors, decodeSafetensors } = await import("../../src/io/safetensors.ts");
  const { policy } = await PPO.create(new SyncVectorEnv([new Writer()]), { hiddenSizes: [2], numSteps: 8 });
  const { tensors, metadata } = decodeSafetensors(policy.toBytes(), "policy");
  const about = JSON.parse(metadata.proximal as string);
  expect(about.observationSpace).toEqual(JSON.parse(JSON.stringify(robot)));
  const bytes = (change: object) =>
    encodeSafetensors({ tensors, metadata: { proximal: JSON.stringify({ ...about, ...change }) } });
  const refused = (change: object, message: string) =>
    expect(Policy.load(bytes(change))).rejects.toThrow(new FileFormatError(message));
  await expect(Policy.load(bytes({ actionSpace: about.observationSpace }))).rejects.toThrow(
    `policy: action space: ${robot}; policies have heads for Box`,
  );
  const { position, goal } = about.observationSpace.spaces;
  const dict = (spaces: object) => ({ observationSpace: { type: "Dict", spaces } });
  await refused(
    dict({ position, goal: { ...goal, n: 0 } }),
    "policy: observationSpace: spaces.goal: n: 0 is not an integer of at least 1",
  );
  await refused(
    dict({ position, goal }),
    "policy: actor.0.weight: a tensor [8, 2] is not a tensor [7, 2] of finite numbers",
  );
});
