// Which actions an environment allows: asked for after each reset, step and restore, and what is no mask.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  type Env,
  EnvironmentError,
  MultiDiscrete,
  makeVec,
  type Space,
  type StepResult,
  SyncVectorEnv,
  TimeLimit,
  Wrapper,
} from "../../src/index.ts";

/** A corridor of five places: 0 goes left, 1 stays, 2 goes right; no action leads into a wall. The right end is one. */
class Corridor implements Env<number> {
  readonly observationSpace = new Box(0, 4, [1]);
  readonly actionSpace: Space = new Discrete(3);
  readonly given: (Uint8Array | undefined)[] = [];
  readonly #start: number;
  #place = 0;

  constructor(start = 0) {
    this.#start = start;
  }

  reset(): Float32Array {
    this.#place = this.#start;
    return Float32Array.of(this.#place);
  }

  step(action: number): StepResult {
    this.#place += action - 1;
    return { observation: Float32Array.of(this.#place), reward: 0, terminated: this.#place === 4, truncated: false };
  }

  actionMask(into = new Uint8Array(3).fill(1)): ArrayLike<number> {
    this.given.push(into);
    if (this.#place === 0) into[0] = 0;
    if (this.#place === 3) into[1] = 0;
    return into;
  }

  state(): object {
    return { place: this.#place };
  }

  restore(state: { place: number }): void {
    this.#place = state.place;
  }
}

const masksOf = (vector: { readonly actionMasks?: Uint8Array | undefined }) => [...(vector.actionMasks ?? [])].join("");

describe("action masks", () => {
  it("are those of what is observed, of the new episode after the end of one", () => {
    const vector = new SyncVectorEnv([new Corridor(), new Corridor(2)]);
    expect(vector.actionMasks).toHaveLength(6);
    const { actionMasks } = vector;
    vector.reset();
    expect(masksOf(vector)).toBe("011111");
    vector.step(Int32Array.of(2, 2));
    expect(masksOf(vector)).toBe("111101");
    vector.step(Int32Array.of(0, 2));
    expect([...vector.terminated]).toEqual([0, 1]);
    expect(masksOf(vector)).toBe("011111");
    expect(vector.actionMasks).toBe(actionMasks);
    vector.step(Int32Array.of(1, 0));
    vector.step(Int32Array.of(1, 0));
    expect(masksOf(vector)).toBe("011011");
    vector.reset();
    expect(masksOf(vector)).toBe("011111");
  });

  it("are written where the learner reads, or copied from what is answered", () => {
    const writing = new Corridor();
    const answering = new Corridor(2);
    const mine = [1, 0, 1];
    answering.actionMask = () => mine;
    const vector = new SyncVectorEnv([writing, answering]);
    vector.reset();
    expect(masksOf(vector)).toBe("011101");
    vector.step(Int32Array.of(2, 1));
    mine.fill(0);
    expect(masksOf(vector)).toBe("111101");
    expect(new Set(writing.given).size).toBe(1);
    expect(writing.given[0]!.buffer).toBe(vector.actionMasks!.buffer);
  });

  it("are there again after a restore, and in an environment that was never reset not asked for", () => {
    const make = () => new SyncVectorEnv([new Corridor(), new Corridor(2)]);
    const [vector, other] = [make(), make()];
    const fresh = vector.state();
    vector.reset();
    vector.step(Int32Array.of(2, 2));
    const state = vector.state();
    expect(Object.keys(state)).toEqual(["isReset", "steps", "observations", "envs"]);
    other.restore(structuredClone(state));
    expect(masksOf(other)).toBe("111101");
    const asked = new Corridor();
    new SyncVectorEnv([asked, new Corridor()]).restore(fresh);
    expect(asked.given).toEqual([]);
  });

  it("are not there where environments have none", async () => {
    const vector = await makeVec("CartPole-v1");
    vector.reset();
    expect(vector.actionMasks).toBeUndefined();
  });

  it("of a MultiDiscrete stand choice after choice", () => {
    const pad = Object.assign(new Corridor(), { actionSpace: new MultiDiscrete([2, 3]), step: () => ({}) as never });
    pad.actionMask = (into = new Uint8Array(5)) => {
      into.set([0, 1, 1, 0, 0]);
      return into;
    };
    const vector = new SyncVectorEnv([pad]);
    vector.reset();
    expect(masksOf(vector)).toBe("01100");
    pad.actionMask = () => [1, 0, 0, 0, 0];
    expect(() => vector.reset()).toThrow(
      new EnvironmentError(
        "Corridor: actionMask of choice 1 is [0,0,0] in environment 0 at step 0; it has to be 1 for at least one action",
      ),
    );
  });
});

describe("a wrapper", () => {
  /** Stays nowhere. */
  class Restless extends Wrapper<number> {
    override actionMask(into = new Uint8Array(3).fill(1)): ArrayLike<number> {
      const mask = Uint8Array.from(this.env.actionMask?.(into) ?? into);
      mask[1] = 0;
      return mask;
    }
  }
  class Plain extends Wrapper<number> {}
  class Open implements Env<number> {
    readonly observationSpace = new Box(0, 4, [1]);
    readonly actionSpace = new Discrete(3);
    reset(): Float32Array {
      return Float32Array.of(0);
    }
    step(): StepResult {
      return { observation: Float32Array.of(0), reward: 0, terminated: false, truncated: false };
    }
  }

  it("passes the mask on, and has the method where the environment inside has it", () => {
    const corridor = new Corridor();
    corridor.reset();
    const into = new Uint8Array(3).fill(1);
    for (const env of [new Plain(corridor), new TimeLimit(new Plain(corridor), 5)]) {
      into.fill(1);
      expect(env.actionMask?.(into)).toBe(into);
      expect([...into]).toEqual([0, 1, 1]);
      expect(Array.from(env.actionMask?.() ?? [])).toEqual([0, 1, 1]);
    }
    expect(new TimeLimit(new Plain(new Open()), 5).actionMask).toBeUndefined();
    const vector = new SyncVectorEnv([new TimeLimit(new Corridor(2), 2)]);
    vector.reset();
    const seen = [2, 0, 2].map((action) => {
      vector.step(Int32Array.of(action));
      return [masksOf(vector), vector.truncated[0]];
    });
    expect(seen).toEqual([
      ["101", 0],
      ["111", 1],
      ["101", 0],
    ]);
  });

  it("changes it, and may add it", () => {
    const vector = new SyncVectorEnv([new TimeLimit(new Restless(new Corridor()), 9), new Restless(new Open())]);
    vector.reset();
    expect(masksOf(vector)).toBe("001101");
  });
});

describe("what is no action mask", () => {
  const numbers = "an array of 3 numbers";
  it.each<[unknown, string]>([
    [[0, 0, 0], " is [0,0,0]%; it has to be 1 for at least one action"],
    [[1, 1], ` is [1,1]%; it has to be ${numbers}`],
    [[1, 1, 1, 1], ` is [1,1,1,1]%; it has to be ${numbers}`],
    [[1, 2, 0], "[1] is 2%; it has to be 0 or 1"],
    [[1, 0, 0.5], "[2] is 0.5%; it has to be 0 or 1"],
    [[Number.NaN, 1, 1], "[0] is NaN%; it has to be 0 or 1"],
    [[true, false, true], "[0] is true%; it has to be 0 or 1"],
    [Uint8Array.of(1, 1, 255), "[2] is 255%; it has to be 0 or 1"],
    [Uint8Array.of(1), ` is an array of 1 uint8%; it has to be ${numbers}`],
    [undefined, ` is undefined%; it has to be ${numbers}`],
    [null, ` is null%; it has to be ${numbers}`],
    [5, ` is 5%; it has to be ${numbers}`],
    [{ length: 3 }, "[0] is undefined%; it has to be 0 or 1"],
  ])("as %j, is refused at a reset and at a step", (mask, message) => {
    const broken = new Corridor(2);
    const vector = new SyncVectorEnv([new Corridor(), broken]);
    vector.reset();
    vector.step(Int32Array.of(1, 1));
    broken.actionMask = () => mask as never;
    const error = (step: number) =>
      new EnvironmentError(`Corridor: actionMask${message.replace("%", ` in environment 1 at step ${step}`)}`);
    expect(() => vector.step(Int32Array.of(1, 1))).toThrow(error(2));
    expect(() => vector.step(Int32Array.of(1, 2))).toThrow(error(3));
    expect(() => vector.reset()).toThrow(error(3));
  });

  it("is one written into the row, too", () => {
    const broken = new Corridor();
    broken.actionMask = (into = new Uint8Array(3)) => into.fill(0);
    expect(() => new SyncVectorEnv([broken]).reset()).toThrow(
      new EnvironmentError(
        "Corridor: actionMask is [0,0,0] in environment 0 at step 0; it has to be 1 for at least one action",
      ),
    );
  });

  it("is that of some environments alone", () => {
    const bare = () => Object.assign(new Corridor(), { actionMask: undefined as never });
    expect(() => new SyncVectorEnv([new Corridor(), bare()])).toThrow(
      new ConfigurationError("environment 1: it has no actionMask, other than environment 0"),
    );
    expect(() => new SyncVectorEnv([bare(), bare(), new Corridor()])).toThrow(
      new ConfigurationError("environment 2: it has actionMask, other than environment 0"),
    );
    expect(new SyncVectorEnv([bare(), bare()]).actionMasks).toBeUndefined();
  });

  it("is that of actions that are no choice, or what is no method", () => {
    const actionSpace = new Box(-1, 1, [2]);
    expect(() => new SyncVectorEnv([Object.assign(new Corridor(), { actionSpace })])).toThrow(
      new ConfigurationError(`environment 0: it has actionMask; actions of ${actionSpace} cannot be masked`),
    );
    const wrong = () => Object.assign(new Corridor(), { actionMask: [1, 1, 1] as never });
    expect(() => new SyncVectorEnv([wrong()])).toThrow(
      new ConfigurationError("environment 0: its actionMask is [1,1,1], which is no method"),
    );
    expect(() => new TimeLimit(wrong(), 5)).toThrow(
      new ConfigurationError("TimeLimit: its actionMask is [1,1,1], which is no method"),
    );
  });
});
