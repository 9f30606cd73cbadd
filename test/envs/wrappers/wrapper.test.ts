// A wrapper passes on what it does not change, whatever it is, and says what is inside.

import { describe, expect, it } from "vitest";
import {
  Box,
  Discrete,
  type Env,
  type StepResult,
  TimeLimit,
  UnsupportedError,
  unwrapped,
  Wrapper,
} from "../../../src/index.ts";

class Inner implements Env<number> {
  readonly observationSpace = new Box(-1, 1, [2]);
  readonly actionSpace = new Discrete(3);
  readonly calls: unknown[][] = [];

  reset(...args: [{ seed?: number }?, Float32Array?]): Float32Array {
    this.calls.push(["reset", ...args]);
    return args[1] ?? new Float32Array(2);
  }

  step(...args: [number, StepResult?]): StepResult {
    this.calls.push(["step", ...args]);
    return args[1] ?? { observation: new Float32Array(2), reward: 1, terminated: false, truncated: false };
  }

  state(): object {
    return { calls: this.calls.length };
  }

  restore(state: unknown): void {
    this.calls.push(["restore", state]);
  }

  close(): void {
    this.calls.push(["close"]);
  }
}

class Plain extends Wrapper<number> {}

/** Ten times the reward; all else is inherited. */
class Scaled extends Wrapper<number> {
  override step(action: number, into?: StepResult): StepResult {
    const result = super.step(action, into);
    result.reward *= 10;
    return result;
  }
}

/** Observations of bytes inside, of floats outside; actions by name outside, by number inside. */
class Renamed extends Wrapper<"left" | "right", Float32Array, number, Uint8Array> {
  override readonly observationSpace = new Box(0, 1, [2]);

  override reset(options?: { seed?: number }): Float32Array {
    const inside: Uint8Array = this.env.reset(options);
    return Float32Array.from(inside, (byte) => byte / 255);
  }

  override step(action: "left" | "right"): StepResult {
    const { observation, ...rest } = this.env.step(action === "left" ? 0 : 1);
    return { ...rest, observation: Float32Array.from(observation, (byte) => byte / 255) };
  }
}

/** Bytes, and the action as its reward. */
class Bytes implements Env<number, Uint8Array> {
  readonly observationSpace = new Box(0, 255, [2], "uint8");
  readonly actionSpace = new Discrete(2);

  reset(): Uint8Array {
    return Uint8Array.of(0, 255);
  }

  step(action: number): StepResult<Uint8Array> {
    return { observation: Uint8Array.of(255, 51), reward: action, terminated: false, truncated: false };
  }
}

describe("a wrapper", () => {
  it("may give its environment other types of actions and observations", () => {
    const env: Env<"left" | "right"> = new Renamed(new Bytes());
    expect([...env.reset()]).toEqual([0, 1]);
    const { observation, reward } = env.step("right");
    expect([...observation, reward]).toEqual([1, Math.fround(0.2), 1]);
    // @ts-expect-error An environment of floats is not what it is around.
    new Renamed(new Inner());
    // @ts-expect-error Nor is a number an action of it.
    env.step(1);
    const limited = new TimeLimit(env, 1);
    limited.reset();
    expect(limited.step("left").truncated).toBe(true);
    expect(unwrapped(limited)).toBeInstanceOf(Bytes);
  });

  it("passes everything on: spaces, calls, arguments, results, state and close", () => {
    const inner = new Inner();
    const env = new Plain(inner);
    expect(env.observationSpace).toBe(inner.observationSpace);
    expect(env.actionSpace).toBe(inner.actionSpace);
    const observation = new Float32Array(2);
    const options = { seed: 3 };
    expect(env.reset(options, observation)).toBe(observation);
    const into = { observation, reward: 0, terminated: false, truncated: false };
    expect(env.step(2, into)).toBe(into);
    expect(env.state()).toEqual({ calls: 2 });
    env.restore({ calls: 7 });
    env.close();
    expect(inner.calls).toEqual([
      ["reset", options, observation],
      ["step", 2, into],
      ["restore", { calls: 7 }],
      ["close"],
    ]);
  });

  it("changes what it overrides", () => {
    const env = new TimeLimit(new Scaled(new Scaled(new Inner())), 1);
    env.reset();
    expect(env.step(0)).toMatchObject({ reward: 100, truncated: true });
  });

  it("knows the environment inside all wrappers", () => {
    const inner = new Inner();
    expect(unwrapped(new TimeLimit(new Plain(new Scaled(inner)), 5))).toBe(inner);
    expect(unwrapped(inner)).toBe(inner);
  });

  it("says so where the environment inside has no state, and needs no close", () => {
    const bare = Object.assign(new Inner(), { state: undefined, restore: undefined, close: undefined });
    const env = new Plain(bare as never);
    const why = "so that it cannot be saved and resumed";
    expect(() => env.state()).toThrow(new UnsupportedError(`Inner: it has no state(), ${why}`));
    expect(() => env.restore({})).toThrow(new UnsupportedError(`Inner: it has no restore(), ${why}`));
    expect(() => env.close()).not.toThrow();
  });
});
