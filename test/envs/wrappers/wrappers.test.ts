// Every wrapper keeps the rules that environments are held to, passes on what it does not change, and refuses what it
// cannot be around.

import { describe, expect, it } from "vitest";
import {
  ActionRepeat,
  type AnyEnv,
  Box,
  CartPole,
  ClipAction,
  ConfigurationError,
  checkConformance,
  Dict,
  Discrete,
  Engine,
  type Env,
  EnvironmentError,
  FileFormatError,
  FlattenObservation,
  FrameStackObservation,
  NonFiniteError,
  PCG64,
  RecordEpisodeStatistics,
  RescaleAction,
  type Scene,
  ShapeError,
  type StepResult,
  TimeLimit,
  TransformObservation,
  TransformReward,
  UnsupportedError,
} from "../../../src/index.ts";

const engine = await Engine.create();
/** In Node alone. */
const memory = (globalThis as { process?: Partial<NodeJS.Process> }).process?.memoryUsage;

/** Two numbers drift by chance and by the action; it has all that an environment may have, and ends by itself. */
class Drift implements Env<Float32Array> {
  readonly observationSpace = new Box(-50, 50, [2]);
  readonly actionSpace = new Box([-1, 0], [1, 4]);
  readonly place = new Float64Array(2);
  random = new PCG64(engine, 1);
  steps = -1;
  closed = 0;

  reset(options?: { seed?: number }, into: Float32Array = new Float32Array(2)): Float32Array {
    if (options?.seed !== undefined) this.random = new PCG64(engine, options.seed);
    this.place.fill(0);
    this.steps = 0;
    into.set(this.place);
    return into;
  }

  step(action: Float32Array, into?: StepResult): StepResult {
    if (this.steps < 0 || this.steps === 9) throw new EnvironmentError("Drift: reset has to come first");
    if (!this.actionSpace.contains(action)) throw new EnvironmentError("Drift: no action");
    this.steps++;
    for (let index = 0; index < 2; index++)
      this.place[index] = this.place[index]! + this.random.double() * action[index]!;
    const result = into ?? { observation: new Float32Array(2), reward: 0, terminated: false, truncated: false };
    result.observation.set(this.place);
    result.reward = this.place[0]!;
    result.terminated = this.steps === 9 && this.place[1]! > 4;
    result.truncated = this.steps === 9 && !result.terminated;
    return result;
  }

  state(): object {
    return { place: this.place.slice(), steps: this.steps, random: this.random.state() };
  }

  restore(state: unknown): void {
    const { place, steps, random } = state as { place: Float64Array; steps: number; random: object };
    if (!(place instanceof Float64Array)) throw new FileFormatError("place is none");
    this.random.restore(random);
    this.place.set(place);
    this.steps = steps;
  }

  render(): Scene {
    const view = { left: -50, right: 50, bottom: -50, top: 50 };
    return { view, shapes: [{ kind: "circle", at: [this.place[0]!, this.place[1]!], radius: 1, fill: "navy" }] };
  }

  close(): void {
    this.closed++;
  }
}

/** Discrete actions, of which the one taken last is forbidden, and observations of a Dict. */
class Masked implements Env<number, { left: Float32Array; last: number }> {
  readonly observationSpace = new Dict({ left: new Box(0, 20, [1]), last: new Discrete(3) });
  readonly actionSpace = new Discrete(3);
  left = 0;
  last = 0;

  reset() {
    this.left = 20;
    this.last = 0;
    return this.show();
  }

  step(action: number) {
    if (this.left <= 0) throw new EnvironmentError("Masked: reset has to come first");
    if (!this.actionSpace.contains(action)) throw new EnvironmentError("Masked: no action");
    this.left -= action + 1;
    this.last = action;
    return { observation: this.show(), reward: action, terminated: this.left <= 0, truncated: false };
  }

  show() {
    return { left: Float32Array.of(Math.max(this.left, 0)), last: this.last };
  }

  actionMask(into: Uint8Array = new Uint8Array(3)): Uint8Array {
    into.fill(1);
    into[this.last] = 0;
    return into;
  }

  state(): object {
    return { left: this.left, last: this.last };
  }

  restore(state: unknown): void {
    if (typeof state !== "object" || state === null) throw new FileFormatError("no state");
    Object.assign(this, state);
  }
}

const third = new Box(-20, 20, [1]);
const difference = (observation: Float32Array, into: Float32Array): Float32Array => {
  into[0] = (observation[0]! - observation[1]!) / 3;
  return into;
};

const wrapped: Readonly<Record<string, (env: Drift) => AnyEnv>> = {
  ActionRepeat: (env) => new ActionRepeat(env, 4),
  ClipAction: (env) => new ClipAction(env),
  FlattenObservation: (env) => new FlattenObservation(env),
  FrameStackObservation: (env) => new FrameStackObservation(env, 3),
  RecordEpisodeStatistics: (env) => new RecordEpisodeStatistics(env, { bufferLength: 5 }),
  RescaleAction: (env) => new RescaleAction(env),
  TransformObservation: (env) => new TransformObservation(env, third, difference),
  TransformReward: (env) => new TransformReward(env, (reward) => reward / 3),
  "all of them": (env) =>
    new RecordEpisodeStatistics(
      new TransformReward(
        new FlattenObservation(
          new FrameStackObservation(
            new TransformObservation(new ActionRepeat(new ClipAction(new RescaleAction(env)), 2), third, difference),
            2,
          ),
        ),
        (reward) => -reward,
      ),
    ),
};

describe.each(Object.entries(wrapped))("%s", (name, wrap) => {
  it("keeps the rules, and allocates nothing", async () => {
    // Of seven layers the engine does not make one function, and makes objects of the numbers between them.
    const heapUsed = memory && name !== "all of them" && { heapUsed: () => memory().heapUsed };
    expect(await checkConformance(() => wrap(new Drift()), { steps: 100, engine, ...heapUsed })).toEqual([]);
  });

  it("passes on state, render and close", () => {
    const inner = new Drift();
    const env = wrap(inner);
    env.reset({ seed: 4 });
    expect(env.render?.()).toEqual(inner.render());
    expect(JSON.stringify(env.state?.())).toContain(JSON.stringify(inner.random.state()));
    env.close?.();
    expect(inner.closed).toBe(1);
  });

  it("has no picture where there is none inside, and says where there is no state", () => {
    const env = wrap(Object.assign(new Drift(), { render: undefined, state: undefined, restore: undefined }) as never);
    expect(env.render).toBeUndefined();
    expect(() => env.state?.()).toThrow(UnsupportedError);
  });

  it("is around an environment only", () => {
    expect(() => wrap({} as never)).toThrow(ConfigurationError);
  });
});

describe("a wrapper around actions with masks and observations of a Dict", () => {
  it.each([
    ["FlattenObservation", () => new FlattenObservation(new Masked())],
    ["FrameStackObservation", () => new FrameStackObservation(new FlattenObservation(new Masked()), 2)],
    ["RecordEpisodeStatistics", () => new RecordEpisodeStatistics<number, object>(new Masked())],
    ["TransformReward", () => new TransformReward<number, object>(new Masked(), (reward) => reward ** 2)],
    ["ActionRepeat", () => new ActionRepeat<number, object>(new Masked(), 2)],
  ])("%s keeps the rules", async (_, make) => {
    const findings = await checkConformance(make as () => AnyEnv, { steps: 60, engine });
    expect(findings.filter(({ rule }) => rule !== "render")).toEqual([]);
    const env = make() as AnyEnv;
    env.reset();
    env.step(1);
    expect(Array.from(env.actionMask!())).toEqual([1, 0, 1]);
  });
});

/** A result to write into, with observations of so many numbers. */
const place = (size: number): StepResult => ({
  ...{ observation: new Float32Array(size), reward: 0, terminated: false, truncated: false },
});

describe("FrameStackObservation", () => {
  it("shows the last observations, the newest last, and the first in place of those before it", () => {
    const inner = new Drift();
    const env = new FrameStackObservation(inner, 3);
    expect(env.observationSpace.toJSON()).toEqual(new Box(-50, 50, [3, 2]).toJSON());
    expect([...env.reset({ seed: 2 })]).toEqual([0, 0, 0, 0, 0, 0]);
    const seen = [1, 2].map(() => {
      env.step(Float32Array.of(1, 1));
      return [...Float32Array.from(inner.place)];
    });
    const { observation } = env.step(Float32Array.of(1, 1));
    expect([...observation]).toEqual([...seen[0]!, ...seen[1]!, ...Float32Array.from(inner.place)]);
  });

  it("keeps the data type, and the bounds of each number", () => {
    const bytes = new Box([0, 1], [255, 9], [2], "uint8");
    const inner = Object.assign(new Drift(), { observationSpace: bytes, reset: () => Uint8Array.of(7, 8) });
    const env = new FrameStackObservation<Float32Array, Uint8Array>(inner as never, 2);
    expect(env.observationSpace.equals(new Box([0, 1, 0, 1], [255, 9, 255, 9], [2, 2], "uint8"))).toBe(true);
    expect(env.reset()).toEqual(Uint8Array.of(7, 8, 7, 8));
  });

  it("leaves its frames alone where a step is refused", () => {
    const env = new FrameStackObservation(new Drift(), 2);
    env.reset();
    env.step(Float32Array.of(1, 1));
    const before = env.state();
    expect(() => env.step(Float32Array.of(Number.NaN, 1))).toThrow(EnvironmentError);
    expect(env.state()).toEqual(before);
  });

  it("refuses sizes, other spaces and states by name", () => {
    expect(() => new FrameStackObservation(new Drift(), 0)).toThrow(
      new ConfigurationError("FrameStackObservation: stackSize: 0 is not an integer of at least 1"),
    );
    expect(() => new FrameStackObservation<number, object>(new Masked(), 2)).toThrow(
      new ConfigurationError(
        "FrameStackObservation: observations of Dict(last: Discrete(3), left: Box(1)); they have to be of a Box",
      ),
    );
    const env = new FrameStackObservation(new Drift(), 2);
    env.reset();
    const before = env.state() as { frames: Float32Array };
    expect(() => env.restore({ ...before, frames: new Float32Array(3) })).toThrow(
      new FileFormatError("frames: an array of 3 float32 is not an array of 4 finite float32"),
    );
    expect(() => env.restore({ frames: new Float32Array(4).fill(1), env: {} })).toThrow(FileFormatError);
    expect(env.state()).toEqual(before);
  });

  it("names an observation that is none", () => {
    const env = new FrameStackObservation(
      Object.assign(new Drift(), { reset: () => Float32Array.of(0, Number.NaN) }),
      2,
    );
    expect(() => env.reset()).toThrow(
      new NonFiniteError("FrameStackObservation: observation[1] is NaN; it has to be a finite float32"),
    );
    const short = new FrameStackObservation(Object.assign(new Drift(), { reset: () => new Float32Array(1) }), 2);
    expect(() => short.reset()).toThrow(ShapeError);
  });
});

describe("ClipAction", () => {
  const last = (env: Env<Float32Array>, ...action: number[]) => {
    env.reset();
    return env.step(Float32Array.from(action)).observation;
  };

  it("passes on the nearest action within the bounds, infinities included, and leaves what it was given", () => {
    const inner = new Drift();
    const passed: number[][] = [];
    const step = inner.step.bind(inner);
    inner.step = (action, into) => {
      passed.push([...action]);
      return step(action, into);
    };
    const env = new ClipAction(inner);
    for (const action of [
      [5, 9],
      [-5, -1],
      [0.5, 3],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ])
      last(env, ...action);
    expect(passed).toEqual([
      [1, 4],
      [-1, 0],
      [0.5, 3],
      [1, 0],
    ]);
    const own = Float32Array.of(7, 7);
    env.step(own);
    expect([...own]).toEqual([7, 7]);
  });

  it("takes a number where the action is one", () => {
    const passed: number[] = [];
    class Thermostat implements Env<number> {
      readonly observationSpace = new Box(0, 1, [1]);
      readonly actionSpace = new Box(10, 30, []);
      reset = () => new Float32Array(1);
      step(action: number) {
        passed.push(action);
        return { ...place(1), observation: new Float32Array(1) };
      }
    }
    new ClipAction(new Thermostat()).step(99);
    new RescaleAction(new Thermostat()).step(0.5);
    expect(passed).toEqual([30, 25]);
  });

  it("refuses NaN, other sizes and spaces without bounds", () => {
    const env = new ClipAction(new Drift());
    expect(() => last(env, Number.NaN, 0)).toThrow(
      new EnvironmentError("ClipAction: action[0] is NaN; it has to be from -Infinity to Infinity"),
    );
    expect(() => last(env, 0)).toThrow(
      new EnvironmentError("ClipAction: action is an array of 1 float32; it has to be in Box(2)"),
    );
    expect(() => new ClipAction<number, object>(new Masked())).toThrow(
      new ConfigurationError("ClipAction: actions of Discrete(3); they have to be of a Box of float32"),
    );
  });
});

describe("RescaleAction", () => {
  it("reaches both ends exactly, and no further", () => {
    const bounds = { low: [-0.3, 0.1], high: [0.7, 0.2] };
    const inner = new Drift();
    const seen: Float32Array[] = [];
    inner.step = (action) => {
      seen.push(action.slice());
      return place(2);
    };
    const env = new RescaleAction(inner, bounds);
    env.step(Float32Array.from(bounds.low));
    env.step(Float32Array.from(bounds.high));
    expect(seen).toEqual([Float32Array.of(-1, 0), Float32Array.of(1, 4)]);
    expect(() => env.step(Float32Array.of(0.8, 0.1))).toThrow(
      new EnvironmentError(
        "RescaleAction: action[0] is 0.800000011920929; it has to be from -0.30000001192092896 to 0.699999988079071",
      ),
    );
  });

  it("refuses bounds that are none", () => {
    const why = "they have to be finite, the first below";
    expect(() => new RescaleAction(new Drift(), { low: 1 })).toThrow(
      new ConfigurationError(`RescaleAction: its own bounds of action[0] are 1 and 1; ${why}`),
    );
    expect(() => new RescaleAction(new Drift(), { high: Number.POSITIVE_INFINITY })).toThrow(
      new ConfigurationError(`RescaleAction: its own bounds of action[0] are -1 and Infinity; ${why}`),
    );
    expect(() => new RescaleAction(new ClipAction(new Drift()))).toThrow(
      new ConfigurationError(`RescaleAction: the environment's bounds of action[0] are -Infinity and Infinity; ${why}`),
    );
    expect(() => new RescaleAction(new Drift(), { lo: 1 } as never)).toThrow(
      new ConfigurationError("RescaleAction: there is no option lo; did you mean low?"),
    );
    expect(() => new RescaleAction(new Drift(), { low: [0, 0, 0] })).toThrow(ConfigurationError);
  });
});

describe("TransformObservation and TransformReward", () => {
  it("refuse what is no space or no function", () => {
    expect(() => new TransformObservation(new Drift(), {} as never, difference)).toThrow(
      new ConfigurationError("TransformObservation: observationSpace: {} is no space of this copy of proximal"),
    );
    expect(() => new TransformObservation(new Drift(), third, 3 as never)).toThrow(
      new ConfigurationError("TransformObservation: transform: 3 is no function"),
    );
    expect(() => new TransformReward(new Drift(), undefined as never)).toThrow(
      new ConfigurationError("TransformReward: transform: undefined is no function"),
    );
  });

  it("show what another type of observation is made of", () => {
    const env = new TransformObservation<number, Uint8Array, { left: Float32Array; last: number }>(
      new Masked(),
      new Box(0, 255, [2], "uint8"),
      ({ left, last }) => Uint8Array.of(left[0]!, last),
    );
    const typed: Env<number, Uint8Array> = env;
    expect(typed.reset()).toEqual(Uint8Array.of(20, 0));
    expect(typed.step(2)).toEqual({
      observation: Uint8Array.of(17, 2),
      reward: 2,
      terminated: false,
      truncated: false,
    });
    // @ts-expect-error Its observations are bytes.
    env satisfies Env<number, Float32Array>;
  });

  it("change no result that the environment keeps", () => {
    const own = { ...place(2), reward: 2 };
    const inner = Object.assign(new Drift(), { step: () => own });
    const env = new TransformReward(inner, (reward) => reward * 5);
    expect([env.step(Float32Array.of(0, 0), place(2)).reward, env.step(Float32Array.of(0, 0)).reward]).toEqual([
      10, 10,
    ]);
    const repeated = new ActionRepeat(inner, 3);
    expect([repeated.step(Float32Array.of(0, 0)).reward, own.reward]).toEqual([6, 2]);
  });

  it("find nothing of the step before where an environment forgets to write", () => {
    const inner = new Drift();
    const env = new TransformObservation(inner, third, difference);
    env.reset();
    inner.step = (_, into) => Object.assign(into!, { reward: 1, terminated: true, truncated: true });
    env.step(Float32Array.of(0, 0));
    inner.step = (_, into) => into!;
    expect(env.step(Float32Array.of(0, 0))).toMatchObject({ reward: Number.NaN, terminated: false, truncated: false });
  });
});

describe("ActionRepeat", () => {
  it("adds up rewards, and stops at an end of either kind", () => {
    const pole = (steps: number) => new ActionRepeat(new TimeLimit(new CartPole(engine, { seed: 3 }), 10), steps);
    const [single, repeated] = [pole(1), pole(4)];
    expect(single.reset()).toEqual(repeated.reset());
    const rewards: number[] = [];
    for (let ended = false; !ended; ) {
      const { reward, terminated, truncated } = repeated.step(rewards.length % 2);
      rewards.push(reward);
      ended = terminated || truncated;
    }
    const singles = rewards.flatMap((reward, index) => Array.from({ length: reward }, () => single.step(index % 2)));
    const isOver = ({ terminated, truncated }: StepResult) => terminated || truncated;
    expect(singles.map(isOver)).toEqual([...Array(singles.length - 1).fill(false), true]);
    expect(rewards.at(-1)).toBeLessThan(4);
    expect(repeated.times).toBe(4);
  });

  it.each([0, 1.5, Number.NaN])("refuses %s times", (times) => {
    expect(() => new ActionRepeat(new Drift(), times)).toThrow(
      new ConfigurationError(`ActionRepeat: times: ${times} is not an integer of at least 1`),
    );
  });
});

describe("RecordEpisodeStatistics", () => {
  const play = (env: RecordEpisodeStatistics<Float32Array>, steps: number) => {
    const sums: number[] = [];
    let sum = 0;
    for (let step = 0; step < steps; step++) {
      const { reward, terminated, truncated } = env.step(Float32Array.of((step % 5) / 5, 1));
      sum += reward;
      if (!terminated && !truncated) continue;
      sums.push(sum);
      sum = 0;
      env.reset();
    }
    return sums;
  };

  it("keeps the last episodes, and counts all", () => {
    const env = new RecordEpisodeStatistics(new Drift(), { bufferLength: 3 });
    env.reset({ seed: 5 });
    expect([env.episodeCount, env.episodes, env.current]).toEqual([0, [], { return: 0, length: 0 }]);
    const sums = play(env, 9 * 5 + 2);
    expect(sums).toHaveLength(5);
    expect(env.episodeCount).toBe(5);
    expect(env.episodes).toEqual(sums.slice(-3).map((sum) => ({ return: sum, length: 9 })));
    expect(env.current.length).toBe(2);
  });

  it("counts no episode that reset cut short", () => {
    const env = new RecordEpisodeStatistics(new Drift());
    env.reset();
    play(env, 4);
    env.reset();
    expect([env.episodeCount, env.current.length]).toEqual([0, 0]);
  });

  it("goes on from its state", () => {
    const [a, b] = [0, 1].map(() => new RecordEpisodeStatistics(new Drift(), { bufferLength: 2 })) as [
      RecordEpisodeStatistics<Float32Array>,
      RecordEpisodeStatistics<Float32Array>,
    ];
    a.reset({ seed: 8 });
    play(a, 31);
    b.restore(structuredClone(a.state()));
    expect([b.episodes, b.current, b.episodeCount]).toEqual([a.episodes, a.current, 3]);
    const before = b.state();
    expect(() => b.restore({ ...before, episodeCount: -1 })).toThrow(
      new FileFormatError("episodeCount: -1 is not an integer of at least 0"),
    );
    expect(() => b.restore({ ...before, episodeCount: 9, env: {} })).toThrow(FileFormatError);
    expect(b.state()).toEqual(before);
  });

  it("refuses lengths and options by name", () => {
    expect(() => new RecordEpisodeStatistics(new Drift(), { bufferLength: 0 })).toThrow(
      new ConfigurationError("RecordEpisodeStatistics: bufferLength: 0 is not an integer from 1 to 1000000"),
    );
    expect(() => new RecordEpisodeStatistics(new Drift(), { length: 3 } as never)).toThrow(ConfigurationError);
  });
});
