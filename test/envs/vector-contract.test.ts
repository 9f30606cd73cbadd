// What a vector environment promises its user, and what it asks of the environments of others: answers in arrays of
// their own, spaces of any kind, ends of either kind, and an error that names the environment and the step where
// something does not fit.

import { describe, expect, it } from "vitest";
import {
  Box,
  CartPole,
  ConfigurationError,
  Discrete,
  Engine,
  type Env,
  EnvironmentError,
  FileFormatError,
  makeVec,
  NonFiniteError,
  ShapeError,
  type Space,
  type StepResult,
  SyncVectorEnv,
  TimeLimit,
  UnsupportedError,
} from "../../src/index.ts";
import { KnownSpace } from "../../src/spaces/space.ts";

const engine = await Engine.create();

/** Does as it is told: it answers what the test puts there, and keeps what it is given. */
class Puppet implements Env {
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  readonly resets: ({ seed?: number } | undefined)[] = [];
  readonly actions: (number | number[])[] = [];
  /** Answers to reset and step; their defaults are zeros. */
  first: ArrayLike<number>;
  answer: Partial<StepResult> = {};

  constructor(observationSpace = new Box(-9, 9, [2]), actionSpace: Space = new Discrete(2)) {
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.first = new Float32Array(observationSpace.low.length);
  }

  reset(options?: { seed?: number }): Float32Array {
    this.resets.push(options);
    return Float32Array.from(this.first);
  }

  step(action: number | Int32Array | Float32Array): StepResult {
    this.actions.push(typeof action === "number" ? action : [...action]);
    const observation = new Float32Array(this.observationSpace.low.length);
    return { observation, reward: 0, terminated: false, truncated: false, ...this.answer };
  }
}

class ResumablePuppet extends Puppet {
  restored: unknown;
  state(): object {
    return { actions: this.actions.length };
  }
  restore(state: unknown): void {
    if (Object(state).actions === "bad") throw new FileFormatError("bad actions");
    this.restored = state;
  }
}

/** Reset and ready, with the puppets it is made of. */
function stage(count: number, make: () => Puppet = () => new Puppet()) {
  const puppets = Array.from({ length: count }, make);
  const vector = new SyncVectorEnv(puppets);
  vector.reset();
  return { puppets, vector };
}

const zeros = (count: number) => new Int32Array(count);

describe("a vector environment", () => {
  it("copies what environments answer: theirs may change it afterwards", () => {
    const { puppets, vector } = stage(2);
    const mine = Float32Array.of(1, 2);
    puppets[1]!.answer = { observation: mine };
    vector.step(zeros(2));
    mine.fill(7);
    expect([...vector.observations]).toEqual([0, 0, 1, 2]);
  });

  it("keeps its arrays: what was taken once stays what is looked at", () => {
    const { puppets, vector } = stage(1);
    const { observations, rewards, terminated, truncated, finalObservations } = vector;
    puppets[0]!.answer = { observation: Float32Array.of(3, 4), reward: 5, terminated: true, truncated: true };
    puppets[0]!.first = [8, 9];
    vector.step(zeros(1));
    expect([...observations, ...finalObservations, ...rewards, ...terminated, ...truncated]).toEqual([
      8, 9, 3, 4, 5, 1, 1,
    ]);
  });

  it("gives environment i the seed and i at the first reset, none at the end of an episode", () => {
    const { puppets, vector } = stage(3);
    puppets[1]!.answer = { terminated: true };
    vector.step(zeros(3));
    vector.reset();
    vector.reset({ seed: 40 });
    expect(puppets.map(({ resets }) => resets)).toEqual([
      [{ seed: 1 }, undefined, { seed: 40 }],
      [{ seed: 2 }, undefined, undefined, { seed: 41 }],
      [{ seed: 3 }, undefined, { seed: 42 }],
    ]);
  });

  it("gives each environment its own action, as a number or as a row", () => {
    const { puppets, vector } = stage(3, () => new Puppet(undefined, new Discrete(5, -2)));
    vector.step(Int32Array.of(-2, 0, 2));
    vector.step(Float32Array.of(1, 1, -1));
    expect(puppets.map(({ actions }) => actions)).toEqual([
      [-2, 1],
      [0, 1],
      [2, -1],
    ]);
    const rows = stage(2, () => new Puppet(undefined, new Box([-1, 0], [1, 4])));
    const actions = Float32Array.of(-1, 0, 1, 4);
    rows.vector.step(actions);
    expect(rows.puppets.map((puppet) => puppet.actions)).toEqual([[[-1, 0]], [[1, 4]]]);
    expect([...actions]).toEqual([-1, 0, 1, 4]);
  });

  it("keeps the environments that it was made of, whatever becomes of their list", () => {
    const puppets = [new Puppet(), new Puppet()];
    const list = [...puppets];
    const vector = new SyncVectorEnv(list);
    list.reverse().pop();
    vector.reset();
    vector.step(Int32Array.of(0, 1));
    expect(puppets.map(({ actions }) => actions)).toEqual([[0], [1]]);
  });

  it("forgets rewards and ends with a reset", () => {
    const { puppets, vector } = stage(2);
    for (const puppet of puppets) puppet.answer = { reward: 3, terminated: true, truncated: true };
    vector.step(zeros(2));
    expect([...vector.rewards, ...vector.terminated, ...vector.truncated]).toEqual([3, 3, 1, 1, 1, 1]);
    vector.reset();
    expect([...vector.rewards, ...vector.terminated, ...vector.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("begins anew after a time limit as after an end, with the last observation kept", async () => {
    const vector = await makeVec(() => new TimeLimit(new CartPole(engine), 4), { numEnvs: 2, seed: 3 });
    vector.reset();
    const alone = new CartPole(engine);
    alone.reset({ seed: 4 });
    const last = [0, 1, 0, 1].map((action) => {
      vector.step(Int32Array.of(action, action));
      return [...alone.step(action).observation];
    });
    expect([[...vector.terminated], [...vector.truncated]]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect([...vector.finalObservations.subarray(4)]).toEqual(last[3]);
    expect([...vector.observations.subarray(4)]).toEqual([...alone.reset()]);
    vector.step(zeros(2));
    expect([...vector.truncated]).toEqual([0, 0]);
  });
});

describe("the state of a vector environment", () => {
  const make = () => makeVec("CartPole-v1", { numEnvs: 4, seed: 21 });
  const actionsAt = (t: number) => Int32Array.from({ length: 4 }, (_, index) => (t >> index) & 1);

  it("continues bit for bit from any step, across ends of episodes", async () => {
    const reference = await make();
    reference.reset();
    const snapshots: object[] = [];
    const history: number[][] = [];
    let ends = 0;
    for (let t = 0; t < 120; t++) {
      snapshots.push(reference.state());
      reference.step(actionsAt(t));
      const { observations, rewards, terminated, truncated } = reference;
      history.push([...observations, ...rewards, ...terminated, ...truncated]);
      ends += terminated.reduce((sum, flag) => sum + flag, 0);
    }
    expect(ends).toBeGreaterThan(8);
    for (const start of [0, 1, 17, 60, 119]) {
      const other = await makeVec("CartPole-v1", { numEnvs: 4, seed: 99 });
      other.restore(snapshots[start]);
      for (let t = start; t < 120; t++) {
        other.step(actionsAt(t));
        const { observations, rewards, terminated, truncated } = other;
        expect([...observations, ...rewards, ...terminated, ...truncated], `from ${start}, step ${t}`).toEqual(
          history[t],
        );
      }
      expect(other.state()).toEqual(reference.state());
    }
  });

  it("is a copy, which no later step changes", async () => {
    const vector = await make();
    vector.reset();
    const state = vector.state();
    const before = structuredClone(state);
    vector.step(actionsAt(5));
    expect(vector.state()).not.toEqual(before);
    expect(state).toEqual(before);
  });

  it("restores observations at once, and clears rewards and ends", async () => {
    const [a, b] = [await make(), await make()];
    a.reset();
    b.reset({ seed: 5 });
    b.rewards.fill(1);
    b.terminated.fill(1);
    b.truncated.fill(1);
    b.restore(structuredClone(a.state()));
    expect([...b.observations]).toEqual([...a.observations]);
    expect([...b.rewards, ...b.terminated, ...b.truncated]).toEqual(Array(12).fill(0));
  });

  it("knows whether there was a reset, and counts steps for its errors", async () => {
    const fresh = await make();
    const { vector } = stage(2, () => new ResumablePuppet());
    vector.step(zeros(2));
    vector.step(zeros(2));
    const state = vector.state();
    const envs = [{ actions: 2 }, { actions: 2 }];
    expect(state).toEqual({ isReset: true, steps: 2, observations: new Float32Array(4), envs });
    const other = stage(2, () => new ResumablePuppet());
    other.vector.restore(state);
    other.puppets[0]!.answer = { reward: Number.NaN };
    expect(() => other.vector.step(zeros(2))).toThrow(
      new NonFiniteError(
        "ResumablePuppet: the reward is NaN in environment 0 at step 3; it has to be a finite float32",
      ),
    );
    const used = await make();
    used.reset();
    used.restore(fresh.state());
    expect(() => used.step(zeros(4))).toThrow(new EnvironmentError("CartPole-v1: step before the first reset"));
  });

  it("keeps the sign of zero", () => {
    const [a, b] = [stage(1, () => new ResumablePuppet()), stage(1, () => new ResumablePuppet())];
    a.puppets[0]!.answer = { observation: Float32Array.of(-0, 0) };
    a.vector.step(zeros(1));
    b.vector.restore(a.vector.state());
    expect([...b.vector.observations].map((value) => Object.is(value, -0))).toEqual([true, false]);
  });

  it("leaves every environment where it was where one refuses its part", () => {
    const { puppets, vector } = stage(3, () => new ResumablePuppet());
    vector.step(zeros(3));
    const before = vector.state();
    const envs = [{ actions: 7 }, { actions: "bad" }, { actions: 7 }];
    expect(() => vector.restore({ ...before, envs })).toThrow(new FileFormatError("environment 1: bad actions"));
    // The one that refuses as well: it may have taken half of it.
    expect(puppets.map((puppet) => (puppet as ResumablePuppet).restored)).toEqual([
      { actions: 1 },
      { actions: 1 },
      undefined,
    ]);
    expect(vector.state()).toEqual(before);
  });

  const observations = new Float32Array(4);
  const envs = [{}, {}];
  it.each([
    [null, "null is not a state"],
    [{ isReset: true, steps: 1, observations }, "envs is missing"],
    [{ isReset: true, steps: 1, envs }, "observations is missing"],
    [{ isReset: true, observations, envs }, "steps is missing"],
    [{ steps: 1, observations, envs }, "isReset is missing"],
    [{ isReset: 1, steps: 1, observations, envs }, "isReset: 1 is not true or false"],
    [{ isReset: true, steps: -1, observations, envs }, "steps: -1 is not an integer of at least 0"],
    [{ isReset: true, steps: 1, observations, envs: [{}] }, "envs: [{}] is not a list of 2"],
    [
      { isReset: true, steps: 1, observations: new Float32Array(1), envs },
      "observations: an array of 1 float32 is not an array of 4 finite float32",
    ],
    [
      { isReset: true, steps: 1, observations: Float32Array.of(0, 0, Number.NaN, 0), envs },
      "observations: an array of 4 float32 is not an array of 4 finite float32",
    ],
  ])("is refused where it is %o", (state, message) => {
    const { vector } = stage(2, () => new ResumablePuppet());
    expect(() => vector.restore(state)).toThrow(new FileFormatError(message));
  });

  it("is not to be had of environments without one", () => {
    const { vector } = stage(1);
    expect(() => vector.state()).toThrow(
      new UnsupportedError("Puppet: it has no state(), so that it cannot be saved and resumed"),
    );
    const half = new Puppet() as Puppet & { state(): object };
    half.state = () => ({});
    const state = { isReset: true, steps: 0, observations: new Float32Array(2), envs: [{}] };
    expect(() => new SyncVectorEnv([half]).restore(state)).toThrow(
      new UnsupportedError("Puppet: it has no restore(), so that it cannot be saved and resumed"),
    );
  });
});

it("a vector environment closes those of its environments that can be closed", () => {
  const closed: number[] = [];
  const puppets = [0, 1, 2].map((index) =>
    Object.assign(new Puppet(), index !== 1 && { close: () => closed.push(index) }),
  );
  new SyncVectorEnv(puppets).close();
  expect(closed).toEqual([0, 2]);
});

describe("what does not fit", () => {
  it.each([{}, { reset: () => new Float32Array(2) }, { step: () => ({}) }, null, Puppet])(
    "%o is no environment",
    (env) => {
      expect(() => new SyncVectorEnv([new Puppet(), env as never])).toThrow(
        /^environment 1: .* is no environment; it has to have reset and step$/,
      );
    },
  );

  it("is named by the id of a registered environment", async () => {
    const vector = await makeVec("CartPole-v1", { numEnvs: 2 });
    expect(() => vector.step(zeros(2))).toThrow(new EnvironmentError("CartPole-v1: step before the first reset"));
    vector.reset();
    expect(() => vector.step(Int32Array.of(0, 2))).toThrow(
      new EnvironmentError("CartPole-v1: action is 2 in environment 1; it has to be an integer from 0 to 1"),
    );
    expect(() => vector.step(zeros(3))).toThrow(
      new ShapeError("CartPole-v1: 3 numbers of actions; they have to be [2]"),
    );
  });

  it.each([2, -3, 0.5, Number.NaN])("in an action, as %s in a Discrete, moves no environment", (action) => {
    const { puppets, vector } = stage(2, () => new Puppet(undefined, new Discrete(4, -2)));
    expect(() => vector.step(Float32Array.of(0, action))).toThrow(
      new EnvironmentError(`Puppet: action is ${action} in environment 1; it has to be an integer from -2 to 1`),
    );
    expect(puppets.map(({ actions }) => actions)).toEqual([[], []]);
  });

  it.each([
    [0, 1.5],
    [0, -1.25],
    [1, 4.5],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ])("in element %i of an action, as %s in a Box, moves no environment", (element, value) => {
    const { puppets, vector } = stage(2, () => new Puppet(undefined, new Box([-1, 0], [1, 4])));
    const actions = new Float32Array(4);
    actions[2 + element] = value;
    const [low, high] = element === 0 ? [-1, 1] : [0, 4];
    expect(() => vector.step(actions)).toThrow(
      new EnvironmentError(
        `Puppet: action[${element}] is ${value} in environment 1; it has to be from ${low} to ${high}`,
      ),
    );
    expect(puppets.map((puppet) => puppet.actions)).toEqual([[], []]);
  });

  it("in the number of continuous actions is said with the shape that is right", () => {
    const { vector } = stage(2, () => new Puppet(undefined, new Box(-1, 1, [3])));
    expect(() => vector.step(new Float32Array(2))).toThrow(
      new ShapeError("Puppet: 2 numbers of actions; they have to be [2, 3]"),
    );
  });

  it.each([1, 3])("in an observation of %i numbers is said at a step and at a reset", (length) => {
    const { puppets, vector } = stage(2);
    puppets[1]!.answer = { observation: new Float32Array(length) };
    expect(() => vector.step(zeros(2))).toThrow(
      new ShapeError(
        `Puppet: the observation is an array of ${length} float32 in environment 1 at step 1; it has to be an array of 2 numbers`,
      ),
    );
    puppets[0]!.first = new Float32Array(length);
    expect(() => vector.reset()).toThrow(
      new ShapeError(
        `Puppet: reset returned an array of ${length} float32 in environment 0 at step 1; it has to be an array of 2 numbers`,
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "in an observation or a reward of %s is said, at a step, at a reset and where an episode begins anew",
    (value) => {
      const { puppets, vector } = stage(2);
      puppets[1]!.answer = { observation: Float32Array.of(0, value) };
      expect(() => vector.step(zeros(2))).toThrow(
        new NonFiniteError(
          `Puppet: observation[1] is ${value} in environment 1 at step 1; it has to be a finite float32`,
        ),
      );
      puppets[1]!.answer = { reward: value };
      expect(() => vector.step(zeros(2))).toThrow(
        new NonFiniteError(`Puppet: the reward is ${value} in environment 1 at step 2; it has to be a finite float32`),
      );
      puppets[1]!.answer = { truncated: true };
      puppets[1]!.first = [value, 0];
      const message = `Puppet: observation[0] is ${value} in environment 1 at step 3; it has to be a finite float32`;
      expect(() => vector.step(zeros(2))).toThrow(new NonFiniteError(message));
      expect(() => vector.reset()).toThrow(new NonFiniteError(message));
    },
  );

  it("in an observation is found too where an environment writes into the given array", () => {
    const writing = new CartPole(engine);
    const step = writing.step.bind(writing);
    writing.step = (action, into) => {
      const result = step(action, into);
      result.observation[2] = Number.NaN;
      return result;
    };
    const vector = new SyncVectorEnv([writing as Env]);
    vector.reset();
    expect(() => vector.step(zeros(1))).toThrow(
      new NonFiniteError("CartPole: observation[2] is NaN in environment 0 at step 1; it has to be a finite float32"),
    );
  });

  it("in what a step returns is said with what it has to be", () => {
    const { puppets, vector } = stage(2);
    const answers: [unknown, string][] = [
      [undefined, "undefined"],
      [5, "5"],
      [{}, "{}"],
      [[new Float32Array(2), 0, false, false, {}], '[{"0":0,"1":0},0,false,false,{}]'],
      [Promise.resolve({}), "[object Promise]"],
      [{ obs: new Float32Array(2), done: true }, '{"obs":{"0":0,"1":0},"done":true}'],
      [{ observation: [1, 2], reward: 1, done: true }, '{"observation":[1,2],"reward":1,"done":true}'],
      [{ observation: [1, 2], reward: 1, terminated: true }, '{"observation":[1,2],"reward":1,"terminated":true}'],
      [
        { observation: [1, 2], reward: 1, terminated: 1, truncated: 0 },
        '{"observation":[1,2],"reward":1,"terminated":1,"truncated":0}',
      ],
    ];
    for (const [index, [answer, shown]] of answers.entries()) {
      puppets[1]!.step = () => answer as StepResult;
      expect(() => vector.step(zeros(2))).toThrow(
        new EnvironmentError(
          `Puppet: step returned ${shown} in environment 1 at step ${index + 1}; ` +
            "it has to return { observation, reward, terminated, truncated }",
        ),
      );
    }
    const flags = { terminated: false, truncated: false };
    for (const [index, [reward, shown]] of (
      [
        [undefined, "undefined"],
        ["1", '"1"'],
        [1n, "1n"],
      ] as const
    ).entries()) {
      puppets[1]!.step = () => ({ observation: [1, 2], reward, ...flags }) as never;
      expect(() => vector.step(zeros(2))).toThrow(
        new NonFiniteError(
          `Puppet: the reward is ${shown} in environment 1 at step ${index + 10}; it has to be a finite float32`,
        ),
      );
    }
    puppets[1]!.step = () => ({ reward: 1, ...flags }) as never;
    expect(() => vector.step(zeros(2))).toThrow(
      new ShapeError(
        "Puppet: the observation is undefined in environment 1 at step 13; it has to be an array of 2 numbers",
      ),
    );
  });

  it.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    [5, "5"],
    [[[1, 2], {}], "[[1,2],{}]"],
    [Promise.resolve(new Float32Array(2)), "[object Promise]"],
    [{ observation: [1, 2] }, '{"observation":[1,2]}'],
    ["12", '"12"'],
    [new BigInt64Array(2), "[object BigInt64Array]"],
  ])("in what a reset returns, as %o, is said with what it has to be", (answer, shown) => {
    const { puppets, vector } = stage(2);
    puppets[1]!.reset = () => answer as never;
    expect(() => vector.reset()).toThrow(
      new ShapeError(`Puppet: reset returned ${shown} in environment 1 at step 0; it has to be an array of 2 numbers`),
    );
  });

  it("may be a list of numbers, which is taken for an observation", () => {
    const { puppets, vector } = stage(1);
    puppets[0]!.answer = { observation: [3, 4] as never };
    vector.step(zeros(1));
    expect([...vector.observations]).toEqual([3, 4]);
  });

  it("is no number of actions at all", () => {
    const { vector } = stage(2);
    for (const nothing of [undefined, null])
      expect(() => vector.step(nothing as never)).toThrow(
        new ShapeError("Puppet: no numbers of actions; they have to be [2]"),
      );
  });

  it("in an environment without the name of a class is called that", () => {
    const anonymous = (() =>
      class extends Puppet {
        override step(): StepResult {
          return { ...super.step(0), reward: Number.NaN };
        }
      })();
    const bare = Object.setPrototypeOf({ ...new Puppet(), reset: () => [1, 2], step: () => 5 }, null);
    for (const env of [new anonymous(), bare, new TimeLimit(new anonymous(), 5)]) {
      const vector = new SyncVectorEnv([env]);
      vector.reset();
      expect(() => vector.step(zeros(1))).toThrow(/^environment: /);
      expect(() => vector.state()).toThrow(/^environment: it has no state\(\)/);
    }
  });

  it("in a result of which a part is not written is not hidden by the step before", () => {
    const { puppets, vector } = stage(1);
    const step = (write: (into: StepResult) => void) => {
      puppets[0]!.step = ((_: number, into: StepResult) => {
        write(into);
        return into;
      }) as Puppet["step"];
      vector.step(zeros(1));
    };
    step((into) => Object.assign(into, { reward: 1, terminated: true, truncated: true }));
    step((into) => Object.assign(into, { reward: 1 }));
    expect([...vector.terminated, ...vector.truncated]).toEqual([0, 0]);
    expect(() => step(() => {})).toThrow(
      new NonFiniteError("Puppet: the reward is NaN in environment 0 at step 3; it has to be a finite float32"),
    );
  });

  it("in an observation of numbers that its data type does not hold", () => {
    const space = new Box(0, 255, [2], "uint8");
    class Camera extends Puppet {
      override readonly observationSpace = space as never;
    }
    const { puppets, vector } = stage(1, () => new Camera());
    puppets[0]!.answer = { observation: Float32Array.of(0, 255) };
    vector.step(zeros(1));
    for (const [index, value] of [0.5, 256, -1].entries()) {
      puppets[0]!.answer = { observation: Float32Array.of(0, value) };
      expect(() => vector.step(zeros(1))).toThrow(
        new ShapeError(`Camera: observation[1] is ${value} in environment 0 at step ${index + 2}; it has to be uint8`),
      );
    }
  });

  it("is no environment", async () => {
    await expect(makeVec(() => undefined as never)).rejects.toThrow(
      new ConfigurationError("environment 0: undefined is no environment; it has to have reset and step"),
    );
  });

  it("is a class or a function where an environment belongs, in one line", async () => {
    for (const none of [Puppet, () => new Puppet(), "CartPole-v1", null]) {
      await expect(makeVec((() => none) as never)).rejects.toThrow(
        /^environment 0: [^\n]+ is no environment; it has to have reset and step$/,
      );
      expect(() => new TimeLimit(none as never, 5)).toThrow(
        /^TimeLimit: [^\n]+ is no environment; it has to have reset and step$/,
      );
    }
  });

  it("is no space, or one of another copy of the library", async () => {
    // A Box whose class stands on the base class of another copy.
    const another = (await import("../../src/spaces/space.ts?another" as string)) as { KnownSpace: typeof KnownSpace };
    expect(another.KnownSpace).not.toBe(KnownSpace);
    const ofBox = Object.getOwnPropertyDescriptors(Box.prototype);
    const other = Object.setPrototypeOf(new Box(-9, 9, [2]), Object.create(another.KnownSpace.prototype, ofBox));
    const cases: [object, string][] = [
      [{ observationSpace: undefined }, "observationSpace of Puppet: undefined"],
      [{ actionSpace: undefined }, "actionSpace of Puppet: undefined"],
      [{ actionSpace: { n: 2 } }, 'actionSpace of Puppet: {"n":2}'],
      [{ actionSpace: Object.create(Discrete.prototype) }, "actionSpace of Puppet: {}"],
      [
        { actionSpace: { ...new Discrete(2) } },
        'actionSpace of Puppet: {"type":"Discrete","shape":[],"dtype":"int32","n":2,"start":0,"flat":{"shape"...',
      ],
      [
        { observationSpace: other },
        'observationSpace of Puppet: {"type":"Box","low":-9,"high":9,"shape":[2],"dtype":"float32"}',
      ],
    ];
    for (const [wrong, found] of cases) {
      const error = new ConfigurationError(`environment 1: ${found} is no space of this copy of proximal`);
      expect(() => new SyncVectorEnv([new Puppet(), Object.assign(new Puppet(), wrong)])).toThrow(error);
    }
    const space = { type: "Box", toString: () => "Box(2)" };
    expect(() => new SyncVectorEnv([Object.assign(new Puppet(), { observationSpace: space })])).toThrow(
      ConfigurationError,
    );
  });

  it("is there twice, in a time limit or not", async () => {
    const env = new Puppet();
    expect(() => new SyncVectorEnv([new TimeLimit(env, 5), new TimeLimit(new TimeLimit(env, 5), 7)])).toThrow(
      new ConfigurationError("environment 1: it is environment 0 again; each has to be an object of its own"),
    );
    for (const same of [env, new TimeLimit(env, 5)]) {
      expect(() => new SyncVectorEnv([env, new Puppet(), same])).toThrow(
        new ConfigurationError("environment 2: it is environment 0 again; each has to be an object of its own"),
      );
    }
    await expect(makeVec(() => env, { numEnvs: 2 })).rejects.toThrow("environment 1: it is environment 0 again");
  });

  it("is no trouble where there is nothing to observe", () => {
    const vector = new SyncVectorEnv([new Puppet(new Box([], [])), new Puppet(new Box([], []))]);
    vector.reset();
    vector.step(Int32Array.of(0, 1));
    expect(vector.observations).toHaveLength(0);
  });

  it("in spaces is said of the first environment that differs, in observations or actions", () => {
    const error = new ConfigurationError("environment 2: its spaces differ from those of environment 0");
    const others = [
      new Puppet(new Box(-9, 8, [2])),
      new Puppet(undefined, new Discrete(3)),
      new Puppet(new Box(-9, 9)),
    ];
    for (const other of others) {
      expect(() => new SyncVectorEnv([new Puppet(), new Puppet(), other, other])).toThrow(error);
    }
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("in the seed %s is said by the constructor and by reset", (seed) => {
    const error = new ConfigurationError(`seed: ${seed} is not an integer from 0 to ${Number.MAX_SAFE_INTEGER - 1}`);
    const puppets = [new Puppet(), new Puppet()];
    expect(() => new SyncVectorEnv(puppets, { seed })).toThrow(error);
    const vector = new SyncVectorEnv(puppets, { seed: 3 });
    expect(() => vector.reset({ seed })).toThrow(error);
    // Refused before any environment was touched; the first reset is still to come.
    expect(puppets.map(({ resets }) => resets)).toEqual([[], []]);
    vector.reset();
    expect(puppets.map(({ resets }) => resets)).toEqual([[{ seed: 3 }], [{ seed: 4 }]]);
  });
});
