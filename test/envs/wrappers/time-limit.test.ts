// A time limit around an environment: it counts, and passes everything else through.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  type Env,
  EnvironmentError,
  FileFormatError,
  type StepResult,
  TimeLimit,
  UnsupportedError,
} from "../../../src/index.ts";

/** Ends at a step of its own, and keeps what it was called with. */
class Recorder implements Env<number> {
  readonly observationSpace = new Box(0, 100, [1]);
  readonly actionSpace = new Discrete(2);
  readonly calls: unknown[][] = [];
  readonly #end: number;
  #count = 0;

  constructor(end = Number.POSITIVE_INFINITY) {
    this.#end = end;
  }

  reset(options?: { seed?: number }, into = new Float32Array(1)): Float32Array {
    this.calls.push(["reset", options, into]);
    this.#count = 0;
    into[0] = 0;
    return into;
  }

  step(action: number, into?: StepResult): StepResult {
    this.calls.push(["step", action, into]);
    const result = into ?? { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
    result.observation[0] = ++this.#count;
    result.terminated = this.#count === this.#end;
    result.truncated = false;
    return result;
  }
}

class Resumable extends Recorder {
  restored: unknown = null;
  state(): object {
    return { of: "inside" };
  }
  restore(state: unknown): void {
    if (state === "bad") throw new ConfigurationError("inner");
    this.restored = state;
  }
}

describe("a time limit", () => {
  it("passes on spaces, options, actions and the arrays to write into", () => {
    const inner = new Recorder();
    const env = new TimeLimit(inner, 3);
    expect([env.observationSpace, env.actionSpace]).toEqual([inner.observationSpace, inner.actionSpace]);
    const observation = new Float32Array(1);
    const options = { seed: 4 };
    expect(env.reset(options, observation)).toBe(observation);
    const into = { observation, reward: 0, terminated: false, truncated: false };
    expect(env.step(1, into)).toBe(into);
    expect(inner.calls).toEqual([
      ["reset", options, observation],
      ["step", 1, into],
    ]);
    expect(inner.calls[0]?.[2]).toBe(observation);
    expect(inner.calls[1]?.[2]).toBe(into);
  });

  it("truncates the last step, and only that, in every episode", () => {
    const env = new TimeLimit(new Recorder(), 3);
    for (let episode = 0; episode < 3; episode++) {
      env.reset();
      expect([0, 1, 0].map((action) => env.step(action).truncated)).toEqual([false, false, true]);
    }
  });

  it("leaves terminated alone: an end before the limit, on it, or never", () => {
    const flags = (end: number) => {
      const env = new TimeLimit(new Recorder(end), 2);
      env.reset();
      const result = Array.from({ length: Math.min(end, 2) }, () => env.step(0)).at(-1) as StepResult;
      return [result.terminated, result.truncated];
    };
    expect([1, 2, 3].map(flags)).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it("begins its count anew with reset, in the middle of an episode too", () => {
    const env = new TimeLimit(new Recorder(), 3);
    env.reset();
    env.step(0);
    env.step(0);
    env.reset();
    expect([0, 0, 0].map(() => env.step(0).truncated)).toEqual([false, false, true]);
  });

  it("refuses a step after the limit without passing it on", () => {
    const inner = new Recorder();
    const env = new TimeLimit(inner, 1);
    env.reset();
    env.step(0);
    const calls = inner.calls.length;
    expect(() => env.step(0)).toThrow(
      new EnvironmentError("step: the episode was truncated at its limit of 1; reset has to come first"),
    );
    expect(inner.calls).toHaveLength(calls);
  });

  it("counts no step that the environment refused", () => {
    const inner = new Recorder();
    const env = new TimeLimit(inner, 2);
    env.reset();
    const step = inner.step;
    inner.step = () => {
      throw new EnvironmentError("not now");
    };
    expect(() => env.step(0)).toThrow("not now");
    inner.step = step;
    expect([env.step(0).truncated, env.step(0).truncated]).toEqual([false, true]);
  });

  it("has a state where its environment has one, and says so where it has none", () => {
    const plain = new TimeLimit(new Recorder(), 2);
    expect(() => plain.state()).toThrow(
      new UnsupportedError("Recorder: it has no state(), so that it cannot be saved and resumed"),
    );
    expect(() => plain.restore({ elapsed: 0, env: {} })).toThrow(
      new UnsupportedError("Recorder: it has no restore(), so that it cannot be saved and resumed"),
    );
    const inner = new Resumable();
    const env = new TimeLimit(inner, 2);
    env.reset();
    env.step(0);
    expect(env.state()).toEqual({ elapsed: 1, env: { of: "inside" } });
    env.restore({ elapsed: 0, env: "another" });
    expect(inner.restored).toBe("another");
    expect([env.step(0).truncated, env.step(0).truncated]).toEqual([false, true]);
  });

  it.each([
    [null, "null is not a state"],
    [{ env: "x" }, "elapsed is missing"],
    [{ elapsed: 1 }, "env is missing"],
    [{ elapsed: 0.5, env: "x" }, "elapsed: 0.5 is not an integer from 0 to 2"],
    [{ elapsed: -1, env: "x" }, "elapsed: -1 is not an integer from 0 to 2"],
    [{ elapsed: 3, env: "x" }, "elapsed: 3 is not an integer from 0 to 2"],
    [{ elapsed: "1", env: "x" }, 'elapsed: "1" is not an integer from 0 to 2'],
    [{ elapsed: 1, env: "x", limit: 3 }, "there is no field limit; there are: elapsed, env"],
  ])("refuses the state %j, and keeps its own", (state, message) => {
    const inner = new Resumable();
    const env = new TimeLimit(inner, 2);
    env.reset();
    env.step(0);
    expect(() => env.restore(state)).toThrow(new FileFormatError(message));
    expect(inner.restored).toBeNull();
    expect(env.state()).toEqual({ elapsed: 1, env: { of: "inside" } });
  });

  it("refuses a step after one that was restored as the last", () => {
    const env = new TimeLimit(new Resumable(), 2);
    env.reset();
    env.restore({ elapsed: 2, env: "x" });
    expect(() => env.step(0)).toThrow(EnvironmentError);
  });

  it("writes into no result of the environment's own, nor leaves what it wrote into another's", () => {
    /** One object for all of its results, and no word of `truncated` after the first. */
    class Own extends Recorder {
      readonly own = { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
      override step(): StepResult {
        return this.own;
      }
    }
    /** Writes where it is told, and forgets `truncated`. */
    class Forgetful extends Recorder {
      override step(_: number, into?: StepResult): StepResult {
        return Object.assign(into as StepResult, { reward: 1, terminated: false });
      }
    }
    const into = { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
    for (const env of [new TimeLimit(new Own(), 2), new TimeLimit(new Forgetful(), 2)]) {
      const flags = [0, 1].map(() => {
        env.reset();
        return [env.step(0, into).truncated, env.step(0, into).truncated];
      });
      expect(flags).toEqual([
        [false, true],
        [false, true],
      ]);
    }
  });

  it("keeps its count where the environment refuses its part of a state", () => {
    const env = new TimeLimit(new Resumable(), 2);
    env.reset();
    expect(() => env.restore({ elapsed: 1, env: "bad" })).toThrow("inner");
    expect(env.step(0).truncated).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses the limit %s", (limit) => {
    expect(() => new TimeLimit(new Recorder(), limit)).toThrow(
      new ConfigurationError(`TimeLimit: maxEpisodeSteps: ${limit} is not an integer of at least 1`),
    );
  });
});
