// The conformance suite finds what is wrong with an environment: each of these is right but for one thing.

import { describe, expect, it } from "vitest";
import {
  type AnyEnv,
  Box,
  ConfigurationError,
  type ConformanceFinding,
  checkConformance,
  Dict,
  Discrete,
  Engine,
  EnvironmentError,
  PCG64,
  type Scene,
  type StepResult,
} from "../../src/index.ts";

const engine = await Engine.create();
/** In Node alone. */
const memory = (globalThis as { process?: Partial<NodeJS.Process> }).process?.memoryUsage;

/** A walk along a line, to one of its ends; steps go as far as chance will have it. All is as it has to be. */
class Walk {
  readonly observationSpace = new Box(-9, 9, [2]);
  readonly actionSpace: Discrete | Box = new Discrete(2);
  random = new PCG64(engine, 1);
  place = 0;
  steps = 0;
  isOver = true;

  reset({ seed }: { seed?: number } = {}, into: Float32Array = new Float32Array(2)): Float32Array {
    if (seed !== undefined) this.random = new PCG64(engine, seed);
    this.place = 0;
    this.steps = 0;
    this.isOver = false;
    return this.show(into);
  }

  step(action: number | Float32Array, into?: StepResult): StepResult {
    this.check(action);
    this.place += (action === 0 ? -1 : 1) * this.random.double();
    this.steps++;
    const result = into ?? { observation: new Float32Array(2), reward: 0, terminated: false, truncated: false };
    result.observation = this.show(result.observation);
    result.reward = this.place;
    result.terminated = Math.abs(this.place) > 2;
    result.truncated = this.steps === 12;
    this.isOver = result.terminated || result.truncated;
    return result;
  }

  check(action: unknown): void {
    if (this.isOver) throw new EnvironmentError("step: reset has to come first");
    if (!this.actionSpace.contains(action)) throw new EnvironmentError("step: no action");
  }

  show(into: Float32Array): Float32Array {
    into[0] = this.place;
    into[1] = this.steps === 12 ? 1 : 0;
    return into;
  }

  actionMask(into = new Uint8Array(2)): Uint8Array {
    return into.fill(1);
  }

  state(): object {
    const { place, steps, isOver, random } = this;
    return { place, steps, isOver, random: random.state() };
  }

  restore(state: unknown): void {
    const { random, ...rest } = state as { random: object; place: number; steps: number; isOver: boolean };
    this.random.restore(random);
    Object.assign(this, rest);
  }

  render(): Scene {
    const { place } = this;
    const view = { left: -3, right: 3, bottom: -1, top: 1 };
    return { view, shapes: [{ kind: "circle", at: [place, 0], radius: 0.1, fill: "#1f77b4" }] };
  }

  close(): void {}
}

const look = (make: () => unknown, options = {}): Promise<readonly ConformanceFinding[]> =>
  checkConformance(make as () => AnyEnv, { steps: 60, engine, ...options });

/** As a person reads it. */
const said = (findings: readonly ConformanceFinding[]): string[] =>
  findings.map(({ kind, rule, found, expected }) => `${kind}: ${rule}: ${found}; ${expected}`);

/** A walk with one method replaced. */
const but = (change: (walk: Walk) => object) => () => {
  const walk = new Walk();
  return Object.assign(walk, change(walk));
};

/** A walk whose results are changed before they are given. */
const result = (change: (result: StepResult, walk: Walk) => unknown) =>
  but((walk) => {
    const step = walk.step.bind(walk);
    return { step: (action: number, into?: StepResult) => change(step(action, into), walk) };
  });

let calls = 0;
const shared = new Float32Array(2);
const onlyOne = new Walk();
const BYTES = new Uint8Array(3);

const broken: Readonly<Record<string, readonly [make: () => unknown, finding: RegExp]>> = {
  "no environment": [() => ({}), /^fault: spaces: make: \{\} is no environment; it has to have reset and step/],
  "a space of another library": [
    but(() => ({ actionSpace: { n: 2 } })),
    /^fault: spaces: actionSpace: \{"n":2\} is no space of this copy of proximal;/,
  ],
  "spaces that differ between objects": [
    but(() => ({ actionSpace: new Discrete(2 + (calls++ % 2)) })),
    /^fault: spaces: actionSpace is Discrete\(2\) in one object and "Discrete\(3\)" in another; all that/,
  ],
  "one object for all": [() => onlyOne, /^fault: seeds: the same object was made twice; each has to be an object/],
  "Gymnasium's pair from reset": [
    but((walk) => ({ reset: (options: object) => [Walk.prototype.reset.call(walk, options), {}] })),
    /^fault: observations: reset returned \[\{"0":0,"1":0\},\{\}\] in the first reset; it has to be an array of 2 numbers$/,
  ],
  "observations of another length": [
    result((step) => ({ ...step, observation: new Float32Array(3) })),
    /^fault: observations: the observation of step is an array of 3 float32 at step 1; it has to be an array of 2/,
  ],
  "observations of another data type": [
    result((step) => ({ ...step, observation: Float64Array.from(step.observation) })),
    /^fault: observations: the observation of step is an array of 2 float64 at step 1; it has to be a Float32Array of 2/,
  ],
  "an observation that is NaN": [
    result((step) => ({ ...step, observation: Float32Array.of(0, Number.NaN) })),
    /^fault: observations: the observation of step is one whose \[1\] is NaN at step 1; it has to be a finite float32/,
  ],
  "observations beyond their bounds": [
    result((step) => ({ ...step, observation: Float32Array.of(0, -12) })),
    /^note: observations: observation\[1\] is -12, and its bounds -9 and 9 at step 1; bounds are best those/,
  ],
  "a promise of a result": [
    but((walk) => ({ step: async (action: number) => Walk.prototype.step.call(walk, action) })),
    /^fault: results: step returned \[object Promise\] at step 1; it has to return \{ observation, reward, term/,
  ],
  "one flag for both ends": [
    result(({ observation, reward, terminated }) => ({ observation, reward, done: terminated })),
    /^fault: ends: terminated is undefined at step 1; it has to be true or false: terminated at an end of its own/,
  ],
  "ends that are merged": [
    result((step, walk) => Object.assign(step, { terminated: walk.isOver, truncated: walk.isOver })),
    /^fault: ends: terminated and truncated are both true at each of \d+ ends; an end of its own is terminated/,
  ],
  "a reward that is NaN": [
    result((step) => Object.assign(step, { reward: Number.NaN })),
    /^fault: rewards: the reward is NaN at step 1; it has to be a finite float32/,
  ],
  "random numbers of Math": [
    result((step) => {
      step.observation[0] = Math.random();
      return step;
    }),
    /^fault: seeds: in a second object with the same seed, observation\[0\] is .+ instead of .+ at step 1; the same seed/,
  ],
  "a seed that is heard once": [
    but((walk) => ({ reset: (_: object, into?: Float32Array) => Walk.prototype.reset.call(walk, {}, into) })),
    /^fault: seeds: after reset\(\{ seed: 1 \}\) in an object that was used before, observation\[0\] is .+ at step 1; the/,
  ],
  "each episode the same": [
    but((walk) => ({
      reset: ({ seed = 1 } = {}, into?: Float32Array) => Walk.prototype.reset.call(walk, { seed }, into),
    })),
    /^fault: seeds: reset without a seed begins the same episode each time; it has to let random numbers go on/,
  ],
  "something forgotten from episode to episode": [
    but((walk) => ({
      reset(options: object, into?: Float32Array) {
        const { place } = walk;
        Walk.prototype.reset.call(walk, options, into);
        walk.place = place / 2;
        return walk.show(into ?? new Float32Array(2));
      },
    })),
    /^fault: seeds: after reset\(\{ seed: 1 \}\) in an object that was used before, observation\[0\] is .+ in the first reset/,
  ],
  "a flag that is not written": [
    but((walk) => ({
      step(action: number, into?: StepResult) {
        const step = Walk.prototype.step.call(walk, action);
        if (into === undefined) return step;
        const { truncated: _, ...rest } = step;
        return Object.assign(into, rest);
      },
    })),
    /^fault: written results: where there are arrays to write into, truncated is true instead of false at step 1; obs/,
  ],
  "half an observation": [
    but((walk) => ({ show: (into: Float32Array) => Object.assign(into, { 0: walk.place }) })),
    /^fault: written results: where there are arrays to write into, observation\[1\] is 77 instead of 0 in the first reset/,
  ],
  "one array for all observations": [
    but((walk) => ({ show: () => Walk.prototype.show.call(walk, shared) })),
    /^fault: written results: the next call wrote into an observation that was given .+; without an array to write into/,
  ],
  "state without restore": [
    but(() => ({ restore: undefined })),
    /^fault: state: it has state and no restore; it has both or none/,
  ],
  "a state that forgets": [
    but((walk) => ({
      state: () => ({ ...Walk.prototype.state.call(walk), place: 0 }),
    })),
    /^fault: state: restored in the same object to what it was at step \d+, observation\[0\] is .+ instead of .+ at step \d+; a/,
  ],
  "a state without the random numbers": [
    but((walk) => ({
      state: () => ({ ...Walk.prototype.state.call(walk), random: null }),
      restore: (state: object) => Object.assign(walk, { ...state, random: walk.random }),
    })),
    /^fault: state: restored in the same object .+, observation\[0\] is .+ instead of .+ at step \d+; a/,
  ],
  "a state that is no copy": [
    but((walk) => {
      const places = { place: 0 };
      return {
        state: () => Object.assign(places, Walk.prototype.state.call(walk)),
        restore: (state: { place: number }) => Walk.prototype.restore.call(walk, state),
      };
    }),
    /^fault: state: what came later changed the state from .+: state\(\)\.\w+.*; a state has to be a copy/,
  ],
  "a state that no file holds": [
    but((walk) => ({ state: () => ({ ...Walk.prototype.state.call(walk), seen: new Map() }) })),
    /^fault: state: state\(\)\.seen is a Map; a state is numbers, texts, booleans, null, lists, plain objects and typed/,
  ],
  "a restore that takes anything": [
    but((walk) => ({ restore: (state: unknown) => state && Walk.prototype.restore.call(walk, state) })),
    /^fault: state: restore\(null\) was taken; what is no state has to be refused by an error/,
  ],
  "any action taken": [
    but((walk) => ({
      check: () => {
        if (walk.isOver) throw new EnvironmentError("step: reset has to come first");
      },
    })),
    /^fault: refusals: step\(undefined\) was taken; it has to be refused by an error: step/,
  ],
  "NaN taken": [
    () => {
      const walk = new Walk();
      return Object.assign(walk, {
        actionSpace: new Box(-1, 1, [2]),
        actionMask: undefined,
        check(action: Float32Array) {
          if (walk.isOver) throw new EnvironmentError("step: reset has to come first");
          if (!(action?.length === 2) || action.some((number) => Math.abs(number) > 1))
            throw new EnvironmentError("step: no action");
        },
      });
    },
    /^fault: refusals: step\(an action with \[0\] = NaN\) was taken; it has to be refused/,
  ],
  "a step before the first reset": [
    but(() => ({ isOver: false })),
    /^fault: refusals: a step before the first reset was taken; it has to be refused by an error/,
  ],
  "a step after the end": [
    but((walk) => ({
      check(action: unknown) {
        if (walk.steps === 0 && walk.isOver) throw new EnvironmentError("step: reset has to come first");
        if (!walk.actionSpace.contains(action)) throw new EnvironmentError("step: no action");
      },
    })),
    /^fault: refusals: a step after the end of an episode was taken; it has to be refused by an error/,
  ],
  "a refused action that was taken all the same": [
    but((walk) => ({
      check(action: unknown) {
        if (!walk.actionSpace.contains(action)) walk.place++;
        Walk.prototype.check.call(walk, action);
      },
    })),
    /^fault: refusals: after an action was refused, .+; what is refused has to change nothing/,
  ],
  "errors that name nothing": [
    but((walk) => ({
      check(action: unknown) {
        if (walk.isOver || !walk.actionSpace.contains(action)) throw new TypeError("oh");
      },
    })),
    /^note: refusals: a step before the first reset threw TypeError: oh; an EnvironmentError that names the action/,
  ],
  "a mask of another length": [
    but(() => ({ actionMask: () => [1, 1, 1] })),
    /^fault: masks: actionMask is \[1,1,1\] in the first reset; it has to be an array of 2 numbers/,
  ],
  "a mask that allows nothing": [
    but((walk) => ({ actionMask: () => (walk.steps > 2 ? [0, 0] : [1, 1]) })),
    /^fault: masks: actionMask is \[0,0\] at step 3; it has to be 1 for at least one action/,
  ],
  "a mask of what cannot be masked": [
    but(() => ({ actionSpace: new Box(-1, 1, [1]) })),
    /^fault: masks: it has actionMask in the first reset; actions of Box\(1\) cannot be masked/,
  ],
  "a picture of nothing": [
    but(() => ({ render: () => undefined })),
    /^fault: render: render\(\)\.view\.left is undefined in the first reset; it has to be a finite number/,
  ],
  "a shape nowhere": [
    but((walk) => ({ render: () => shape({ kind: "circle", at: [walk.steps / 0, 0], radius: 1, fill: "red" }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.at is \[null,0\] in the first reset; it has to be two finite numbers/,
  ],
  "a shape that nobody knows": [
    but(() => ({ render: () => shape({ kind: "square", width: 1 }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.kind is "square" in .+; it has to be line or polygon or circle or text or/,
  ],
  "a field that nobody knows": [
    but(() => ({ render: () => shape({ kind: "circle", radius: 1, fill: "red", color: "red" }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.color is "red" in .+; it has to be left out of a circle/,
  ],
  "no colour": [
    but(() => ({ render: () => shape({ kind: "polygon", points: [[0, 0]], fill: "#12" }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.fill is "#12" in .+; it has to be a colour as CSS has it/,
  ],
  "half a row of pixels": [
    but(() => ({ render: () => shape({ kind: "image", width: 1, height: 1, columns: 2, pixels: BYTES }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.pixels is "an array of 3 uint8" in .+; it has to be three bytes for each of 2/,
  ],
  "a picture that changes what it shows": [
    but((walk) => ({
      render() {
        walk.random.double();
        return Walk.prototype.render.call(walk);
      },
    })),
    /^fault: render: after render, observation\[0\] is .+; it has to change nothing/,
  ],
  "pictures that are never the same": [
    but(() => ({ render: () => shape({ kind: "circle", radius: ++calls, fill: "red" }) })),
    /^fault: render: render\(\)\.shapes\[0\]\.radius differs between two pictures of one moment; it has to be the same/,
  ],
  "a close that works once": [
    but(() => {
      let isClosed = false;
      return {
        close() {
          if (isClosed) throw new Error("closed");
          isClosed = true;
        },
      };
    }),
    /^fault: close: close for the second time threw Error: closed; it may be called more than once/,
  ],
  "an error in the middle": [
    but((walk) => ({
      show(into: Float32Array) {
        if (walk.steps === 4) throw new RangeError("no table");
        return Walk.prototype.show.call(walk, into);
      },
    })),
    /^fault: steps: it threw RangeError: no table at step 4; it has to go on/,
  ],
};

function shape(...shapes: unknown[]): unknown {
  return { view: { left: 0, right: 1, bottom: 0, top: 1 }, background: "white", shapes };
}

// Before the others: what an engine compiles for many classes at once allocates more.
describe.runIf(memory)("what a step allocates", () => {
  const heapUsed = () => (memory as () => NodeJS.MemoryUsage)().heapUsed;

  it("is seen, and is nothing where a step writes into what it is given", async () => {
    expect(said(await look(() => new Walk(), { heapUsed }))).toEqual([]);
    const findings = said(
      await look(
        result((step) => ({ ...step })),
        { heapUsed },
      ),
    );
    expect(findings.join()).toMatch(/^note: allocation: a step allocates \d+ bytes; what writes into the arrays that/);
  });
});

describe("an environment that is right", () => {
  it("has nothing to be said of it", async () => {
    expect(said(await look(() => new Walk()))).toEqual([]);
    expect(said(await look(async () => new Walk(), { seed: 9, steps: 500 }))).toEqual([]);
  });

  it("has notes, and no faults, where it does without what it may lack", async () => {
    const bare = but(() => ({ state: undefined, restore: undefined, render: undefined, actionMask: undefined }));
    expect(said(await look(bare))).toEqual([
      "note: state: it has no state and restore; with them a training in it can be resumed",
      "note: masks: it has no actionMask; every action is then always allowed",
      "note: render: it has no render; with it an episode can be looked at",
    ]);
  });

  it("is told where no episode ended", async () => {
    const endless = result((step, walk) => {
      walk.isOver = false;
      walk.steps = 1;
      return Object.assign(step, { terminated: false, truncated: false });
    });
    const findings = said(await look(endless, { steps: 10 }));
    expect(findings[0]).toBe(
      "note: ends: no episode ended in 40 steps of random actions; more steps show what happens at an end",
    );
  });

  it("may have observations of any space", async () => {
    const space = new Dict({ place: new Box(-9, 9, [2]), side: new Discrete(2) });
    const both = (place: Float32Array) => ({ place, side: 1 });
    const make = but((walk) => ({
      observationSpace: space,
      reset: (options: object) => both(Walk.prototype.reset.call(walk, options)),
      step: (action: number) => {
        const step = Walk.prototype.step.call(walk, action);
        return { ...step, observation: both(step.observation) };
      },
    }));
    expect(said(await look(make))).toEqual([]);
  });
});

describe("an environment that is wrong", () => {
  it.each(Object.entries(broken))("%s", async (_, [make, finding]) => {
    calls = 0;
    const findings = said(await look(make));
    expect(
      findings.filter((line) => finding.test(line)),
      findings.join("\n"),
    ).toHaveLength(1);
  });

  it("is not looked at with options that are none, or where it cannot be made", async () => {
    await expect(look(() => new Walk(), { step: 5 })).rejects.toThrow(
      new ConfigurationError("checkConformance: there is no option step; did you mean steps?"),
    );
    await expect(look(() => new Walk(), { steps: 0 })).rejects.toThrow(
      new ConfigurationError("checkConformance: steps: 0 is not an integer of at least 1"),
    );
    await expect(look(() => new Walk(), { seed: -1 })).rejects.toThrow(ConfigurationError);
    const missing = new ConfigurationError("no package");
    await expect(
      look(() => {
        throw missing;
      }),
    ).rejects.toThrow(missing);
  });
});
