// Environments side by side: each as if it were alone, begun anew in the step in which its episode ends, and what does
// not fit.

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
  make,
  makeVec,
  NonFiniteError,
  ShapeError,
  type StepResult,
  SyncVectorEnv,
  UnsupportedError,
} from "../../src/index.ts";

const engine = await Engine.create();

/** Counts its steps; ends as it is told to. Its results are new arrays, not those it is given. */
class Counter implements Env<number> {
  readonly observationSpace = new Box(-1000, 1000, [1]);
  readonly actionSpace: Discrete;
  readonly #ends: Readonly<Record<number, "terminated" | "truncated" | "both">>;
  #count = 0;
  #episode = -1;
  answer: Partial<StepResult> = {};

  constructor(ends: Readonly<Record<number, "terminated" | "truncated" | "both">> = {}, actions = new Discrete(3)) {
    this.#ends = ends;
    this.actionSpace = actions;
  }

  reset(): Float32Array {
    this.#count = 0;
    this.#episode++;
    return Float32Array.of(100 * this.#episode);
  }

  step(): StepResult {
    this.#count++;
    const end = this.#ends[this.#count];
    return {
      observation: Float32Array.of(100 * this.#episode + this.#count),
      reward: this.#count,
      terminated: end === "terminated" || end === "both",
      truncated: end === "truncated" || end === "both",
      ...this.answer,
    };
  }
}

describe("a vector environment", () => {
  it("steps each environment as it would go alone, with seeds one after the other", async () => {
    const numEnvs = 3;
    const vector = await makeVec("CartPole-v1", { numEnvs, seed: 11 });
    vector.reset();
    const alone = await Promise.all([0, 1, 2].map(() => make("CartPole-v1")));
    const observations = alone.map((env, index) => env.reset({ seed: 11 + index }));
    let ends = 0;
    for (let t = 0; t < 300; t++) {
      const actions = Int32Array.from({ length: numEnvs }, (_, index) => (t * (index + 3)) % 2);
      vector.step(actions);
      for (const [index, env] of alone.entries()) {
        const result = env.step(actions[index] as number);
        expect(vector.rewards[index]).toBe(result.reward);
        expect([vector.terminated[index], vector.truncated[index]]).toEqual([+result.terminated, +result.truncated]);
        const row = (all: ArrayLike<number> & Iterable<number>) => [...all].slice(4 * index, 4 * index + 4);
        if (result.terminated || result.truncated) {
          ends++;
          expect(row(vector.finalObservations)).toEqual([...result.observation]);
          observations[index] = env.reset();
        } else observations[index] = result.observation;
        expect(row(vector.observations)).toEqual([...(observations[index] as Float32Array)]);
      }
    }
    expect(ends).toBeGreaterThan(10);
  });

  it("keeps the last observation of an episode and the first of the next apart, and both kinds of end", () => {
    const vector = new SyncVectorEnv([
      new Counter({ 2: "terminated" }),
      new Counter({ 3: "truncated" }),
      new Counter({ 1: "both" }),
    ]);
    vector.reset();
    const seen = [1, 2, 3].map(() => {
      vector.step(Int32Array.of(0, 0, 0));
      const { observations, finalObservations, rewards, terminated, truncated } = vector;
      return [observations, finalObservations, rewards, terminated, truncated].map((array) => [...array]);
    });
    expect(seen[0]).toEqual([
      [1, 1, 100],
      [0, 0, 1],
      [1, 1, 1],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    expect(seen[1]).toEqual([
      [100, 2, 200],
      [2, 0, 101],
      [2, 2, 1],
      [1, 0, 1],
      [0, 0, 1],
    ]);
    expect(seen[2]).toEqual([
      [101, 100, 300],
      [2, 3, 201],
      [1, 3, 1],
      [0, 0, 1],
      [0, 1, 1],
    ]);
  });

  it("begins anew with reset, on with its random numbers unless a seed is given", async () => {
    const vector = await makeVec("CartPole-v1", { numEnvs: 2, seed: 5 });
    vector.reset();
    const first = [...vector.observations];
    vector.reset();
    expect([...vector.observations]).not.toEqual(first);
    vector.reset({ seed: 5 });
    expect([...vector.observations]).toEqual(first);
    expect(first.slice(4)).toEqual([...new CartPole(engine).reset({ seed: 6 })]);
  });

  it("goes on from its state bit by bit", async () => {
    const [a, b] = [
      await makeVec("CartPole-v1", { numEnvs: 3, seed: 5 }),
      await makeVec("CartPole-v1", { numEnvs: 3 }),
    ];
    a.reset();
    const actionsAt = (t: number) => Int32Array.of(t % 2, (t >> 1) % 2, 1);
    for (let t = 0; t < 40; t++) a.step(actionsAt(t));
    b.restore(structuredClone(a.state()));
    expect([...b.observations]).toEqual([...a.observations]);
    for (let t = 40; t < 80; t++) {
      for (const vector of [a, b]) vector.step(actionsAt(t));
      expect([...b.observations]).toEqual([...a.observations]);
    }
    expect(b.state()).toEqual(a.state());
  });
});

describe("what does not fit", () => {
  const two = () => new SyncVectorEnv([new Counter(), new Counter()]);

  it("is said of steps and actions", async () => {
    const vector = two();
    expect(() => vector.step(Int32Array.of(0, 0))).toThrow(
      new EnvironmentError("Counter: step before the first reset"),
    );
    vector.reset();
    expect(() => vector.step(Int32Array.of(0))).toThrow(
      new ShapeError("Counter: 1 numbers of actions; they have to be [2]"),
    );
    expect(() => vector.step(Int32Array.of(0, 3))).toThrow(
      new EnvironmentError("Counter: action is 3 in environment 1; it has to be an integer from 0 to 2"),
    );
    // A step that is refused moves no environment.
    expect([...vector.observations]).toEqual([0, 0]);
  });

  it("is said of continuous actions", () => {
    class Mover extends Counter {
      override readonly actionSpace = new Box([-1, -2], [1, 2]) as unknown as Discrete;
    }
    const vector = new SyncVectorEnv([new Mover(), new Mover()]);
    vector.reset();
    expect(() => vector.step(Float32Array.of(0, 0, 0))).toThrow(
      new ShapeError("Mover: 3 numbers of actions; they have to be [2, 2]"),
    );
    expect(() => vector.step(Float32Array.of(0, 0, 0, 2.5))).toThrow(
      new EnvironmentError("Mover: action[1] is 2.5 in environment 1; it has to be from -2 to 2"),
    );
    expect(() => vector.step(Float32Array.of(0, Number.NaN, 0, 0))).toThrow(
      new EnvironmentError("Mover: action[1] is NaN in environment 0; it has to be from -2 to 2"),
    );
  });

  it("is said of what an environment answers, with the environment and the step", () => {
    const broken = new Counter();
    const vector = new SyncVectorEnv([new Counter(), broken]);
    vector.reset();
    vector.step(Int32Array.of(0, 0));
    const step = () => vector.step(Int32Array.of(0, 0));
    broken.answer = { reward: Number.NaN };
    expect(step).toThrow(
      new NonFiniteError("Counter: the reward is NaN in environment 1 at step 2; it has to be a finite float32"),
    );
    broken.answer = { reward: 1e300 };
    expect(step).toThrow(
      new NonFiniteError("Counter: the reward is 1e+300 in environment 1 at step 3; it has to be a finite float32"),
    );
    broken.answer = { observation: Float32Array.of(Number.NaN) };
    expect(step).toThrow(
      new NonFiniteError("Counter: observation[0] is NaN in environment 1 at step 4; it has to be a finite float32"),
    );
    broken.answer = { observation: Float32Array.of(1, 2) };
    expect(step).toThrow(
      new ShapeError(
        "Counter: the observation is an array of 2 float32 in environment 1 at step 5; it has to be an array of 1 numbers",
      ),
    );
  });

  it("is said of numbers, seeds and spaces", async () => {
    await expect(makeVec("CartPole-v1", { numEnvs: 0 })).rejects.toThrow(
      new ConfigurationError("numEnvs: 0 is not an integer from 1 to 65536"),
    );
    await expect(makeVec("CartPole-v1", { seed: -1 })).rejects.toThrow(/^seed: -1 is not an integer from 0 to \d+$/);
    expect(() => new SyncVectorEnv([])).toThrow(new ConfigurationError("numEnvs: 0 is not an integer of at least 1"));
    expect(() => new SyncVectorEnv([new Counter(), new Counter({}, new Discrete(4))])).toThrow(
      new ConfigurationError("environment 1: its spaces differ from those of environment 0"),
    );
  });

  it("is said of states", () => {
    expect(() => two().state()).toThrow(
      new UnsupportedError("Counter: it has no state(), so that it cannot be saved and resumed"),
    );
    expect(() => two().restore({})).toThrow(new FileFormatError("isReset is missing"));
  });
});
