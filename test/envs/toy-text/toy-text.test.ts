// Toy text against Gymnasium 1.3.0 (test/fixtures/toy-text.py): first observations from many seeds, whole episodes with
// everything they answer, and every transition of Taxi. All of it is equal, not close.

import { describe, expect, it } from "vitest";
import { Blackjack, CliffWalking, FrozenLake, Taxi, toyText } from "../../../src/envs/toy-text/index.ts";
import {
  type AnyEnv,
  ConfigurationError,
  Discrete,
  Engine,
  EnvironmentError,
  environments,
  FileFormatError,
  make,
  makeVec,
  type Scene,
  TimeLimit,
  Tuple,
} from "../../../src/index.ts";
import json from "../../fixtures/toy-text.json" with { type: "json" };

type Observation = number | number[];
type Episode = [
  seed: number | null,
  actions: string,
  observations: Observation[],
  rewards: number[],
  terminated: 0 | 1,
  truncated: 0 | 1,
  masks?: number[],
];
interface Task {
  readonly observations: number | number[];
  readonly actions: number;
  readonly rewardThreshold: number | null;
  readonly maxEpisodeSteps: number | null;
  readonly starts: [seed: number, ...Observation[]][];
  readonly episodes: Episode[];
}
const fixture = json as unknown as Record<string, Task>;

const engine = await Engine.create();

/** Those that no name makes, as the fixture calls them. */
const variants: Readonly<Record<string, () => AnyEnv>> = {
  "Blackjack-v1 natural": () => new Blackjack(engine, { sab: false, natural: true }),
  "Blackjack-v1 plain": () => new Blackjack(engine, { sab: false }),
  "FrozenLake-v1 firm": () => new TimeLimit(new FrozenLake(engine, { isSlippery: false }), 100),
  "FrozenLake-v1 own": () => new TimeLimit(new FrozenLake(engine, { map: ["HFSFF", "FFFHF", "GFFFF"] }), 100),
};

const made = async (name: string): Promise<AnyEnv> => variants[name]?.() ?? (await make(name));

/** A mask as a number: bit i is that of action i. */
const maskOf = (env: AnyEnv) =>
  Array.from(env.actionMask?.() ?? []).reduce((sum, bit, index) => sum + (bit << index), 0);

describe.each(Object.entries(fixture))("%s", (name, task) => {
  it("begins with Gymnasium's observations, and goes on to the next without a seed", async () => {
    const env = await made(name);
    expect(task.starts.length).toBeGreaterThan(30);
    for (const [seed, ...expected] of task.starts)
      expect([env.reset({ seed }), env.reset(), env.reset()], `seed ${seed}`).toEqual(expected);
  });

  it("answers Gymnasium's episodes, observations, rewards, ends and masks", async () => {
    const env = await made(name);
    // The draws of the beginning above are behind an episode without a seed; that before it has one.
    for (const [seed, actions, observations, rewards, terminated, truncated, masks] of task.episodes) {
      const seen = [env.reset(seed === null ? {} : { seed })];
      const allowed = [maskOf(env)];
      const results = [...actions].map((action) => {
        const { observation, ...rest } = env.step(Number(action));
        seen.push(observation);
        allowed.push(maskOf(env));
        return rest;
      });
      expect(seen, `seed ${seed}`).toEqual(observations);
      expect(results.map(({ reward }) => reward)).toEqual(rewards);
      expect(allowed).toEqual(masks ?? Array(seen.length).fill(0));
      expect(results.slice(0, -1).every((result) => !result.terminated && !result.truncated)).toBe(true);
      expect(results.at(-1)).toMatchObject({ terminated: terminated === 1, truncated: truncated === 1 });
    }
  });

  it("has Gymnasium's spaces, and is registered as there", async () => {
    const env = await made(name);
    const { observations, actions, rewardThreshold, maxEpisodeSteps } = task;
    const space = Array.isArray(observations)
      ? new Tuple(observations.map((n) => new Discrete(n)))
      : new Discrete(observations);
    expect(env.observationSpace.toJSON()).toEqual(space.toJSON());
    expect(env.actionSpace.toJSON()).toEqual(new Discrete(actions).toJSON());
    if (variants[name] !== undefined) return;
    expect(environments()).toContainEqual({
      ...{ id: name, family: "toy text", framesPerSecond: 4 },
      ...(rewardThreshold !== null && { rewardThreshold }),
      ...(maxEpisodeSteps !== null && { maxEpisodeSteps }),
    });
  });
});

it("has all ids of the family in the fixture", () => {
  const ids = Object.keys(fixture).filter((name) => variants[name] === undefined);
  expect(toyText.map(({ id }) => id).sort()).toEqual(ids.sort());
});

describe("Taxi", () => {
  it("takes each of Gymnasium's 3,000 transitions, with its masks", () => {
    const { transitions } = json["Taxi-v4"] as unknown as { transitions: [number, [number, number, boolean][]][] };
    const env = new Taxi(engine);
    env.reset();
    const template = env.state();
    expect(transitions).toHaveLength(500);
    for (const [state, [mask, outcomes]] of transitions.entries()) {
      for (const [action, [next, reward, terminated]] of outcomes.entries()) {
        env.restore({ ...template, state: Int32Array.of(state) });
        expect(maskOf(env)).toBe(mask);
        const result = env.step(action);
        expect([result.observation, result.reward, +result.terminated], `${action} in ${state}`).toEqual([
          ...[next, reward, +terminated],
        ]);
      }
    }
  });

  it("writes its mask where it is told, zeros included, and into a new array without", () => {
    const env = new Taxi(engine);
    env.reset({ seed: 3 });
    const into = new Uint8Array(6).fill(1);
    expect(env.actionMask(into)).toBe(into);
    expect([...env.actionMask()]).toEqual([...into]);
    expect(into).toContain(0);
  });

  it("has masks in a vector environment", async () => {
    const vector = await makeVec("Taxi-v4", { numEnvs: 2 });
    vector.reset();
    expect(vector.actionMasks).toHaveLength(12);
    expect((await makeVec("FrozenLake-v1")).actionMasks).toBeUndefined();
  });
});

describe("Blackjack", () => {
  const hand = (...cards: number[]) => Uint8Array.from({ length: 22 }, (_, index) => cards[index] ?? 0);
  const stuck = (options: object, player: number[], dealer: number[]) => {
    const env = new Blackjack(engine, options);
    env.reset();
    env.restore({ ...env.state(), player: hand(...player), dealer: hand(...dealer) });
    return env.step(0).reward;
  };

  it.each([
    // An ace and a ten against 21 of three cards, against the same, and against less; then 21 of three cards.
    [[1, 10], [10, 5, 6], { sab: 1, natural: 0, plain: 0 }],
    [[1, 10], [10, 1], { sab: 0, natural: 0, plain: 0 }],
    [[10, 1], [10, 9], { sab: 1, natural: 1.5, plain: 1 }],
    [[1, 4, 6], [10, 9], { sab: 1, natural: 1, plain: 1 }],
    [[5, 6, 10], [1, 10], { sab: 0, natural: 0, plain: 0 }],
    [[10, 9], [10, 10], { sab: -1, natural: -1, plain: -1 }],
    [[10, 2], [10, 5, 7], { sab: 1, natural: 1, plain: 1 }],
  ])("of %o against %o is worth %o", (player, dealer, { sab, natural, plain }) => {
    expect(stuck({}, player, dealer)).toBe(sab);
    expect(stuck({ natural: true }, player, dealer)).toBe(sab);
    expect(stuck({ sab: false, natural: true }, player, dealer)).toBe(natural);
    expect(stuck({ sab: false }, player, dealer)).toBe(plain);
  });

  it("writes its observation into the list it is given", () => {
    const env = new Blackjack(engine);
    const into: [number, number, number] = [0, 0, 0];
    expect(env.reset({ seed: 1 }, into)).toBe(into);
    const result = { observation: into, reward: 0, terminated: false, truncated: false };
    expect(env.step(0, result).observation).toBe(into);
    const first = new Blackjack(engine).reset({ seed: 1 });
    expect(env.reset({ seed: 1 })).toEqual(first);
    expect(env.reset()).not.toBe(first);
  });

  it("takes back a hand of any length", () => {
    const env = new Blackjack(engine);
    env.reset({ seed: 1 });
    env.restore({ ...env.state(), player: hand(...Array(21).fill(1)) });
    const { observation, terminated } = env.step(1);
    expect([observation[0] > 21, terminated]).toEqual([true, true]);
  });
});

describe("options", () => {
  const refused: [() => unknown, string][] = [
    [() => new Blackjack(engine, { sab: 1 as never }), "Blackjack-v1: sab: 1 is not true or false"],
    [() => new Blackjack(engine, { natural: "no" as never }), 'Blackjack-v1: natural: "no" is not true or false'],
    [() => new Blackjack(engine, { sap: true } as never), "Blackjack-v1: there is no option sap; did you mean sab?"],
    [() => new CliffWalking(engine, { isSlippery: 0 as never }), "CliffWalking-v1: isSlippery: 0 is not true or false"],
    [() => new FrozenLake(engine, { isSlippery: 1 as never }), "FrozenLake-v1: isSlippery: 1 is not true or false"],
    [() => new Taxi(engine, { isRainy: true } as never), "Taxi-v4: there is no option isRainy"],
    ...(["5x5", [], ["SF", "F"], ["SFG", "FSF"], ["FFG"], ["SXG"], 4, ["SG", 12]] as const).map(
      (map): [() => unknown, string] => [
        () => new FrozenLake(engine, { map: map as never }),
        `FrozenLake-v1: map: ${JSON.stringify(map)} is not 4x4 or 8x8 or rows of one length of S, F, H and G with one S`,
      ],
    ),
  ];
  it.each(refused)("are refused where they are none: %s", (create, message) => {
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });
});

describe.each(toyText.map(({ id }) => id))("%s", (id) => {
  it("goes on from its state, in another object too", async () => {
    const [env, other] = [await make<AnyEnv>(id), await make<AnyEnv>(id)];
    env.reset({ seed: 7 });
    for (let step = 0; step < 40; step++) {
      const state = structuredClone(env.state?.());
      other.restore?.(state);
      const action = (step * 7) % (env.actionSpace.choices[0] as number);
      const result = env.step(action);
      expect(other.step(action)).toEqual(result);
      expect(other.state?.()).toEqual(env.state?.());
      if (result.terminated || result.truncated) expect(other.reset()).toEqual(env.reset());
      expect(other.render?.()).toEqual(env.render?.());
    }
  });

  it("refuses what is no action, no state, and a step when nothing is under way", async () => {
    const registration = toyText.find((each) => each.id === id);
    const env = (await registration?.create({ engine, seed: 1 })) as AnyEnv;
    expect(() => env.step(0)).toThrow(new EnvironmentError(`${id}: step before the first reset`));
    env.reset();
    const { n } = env.actionSpace as Discrete;
    for (const action of [-1, n, 0.5, Number.NaN, undefined]) {
      expect(() => env.step(action)).toThrow(
        new EnvironmentError(`${id}: action is ${action}; it has to be an integer from 0 to ${n - 1}`),
      );
    }
    const [name, part] = Object.entries(env.state?.() as object).at(-1) as [string, Int32Array];
    for (const wrong of [part.map(() => 500), part.slice(1)])
      expect(() => env.restore?.({ ...env.state?.(), [name]: wrong })).toThrow(FileFormatError);
  });

  it("looks like something finite, within its view, and changes nothing by that", async () => {
    const env = await make<AnyEnv>(id);
    env.reset({ seed: 2 });
    const before = env.state?.();
    const scene = env.render?.();
    expect(env.state?.()).toEqual(before);
    const { left, right, bottom, top } = (scene as Scene).view;
    for (const shape of (scene as Scene).shapes) {
      const [x = 0, y = 0] = shape.at ?? [];
      expect(x >= left && x <= right && y >= bottom && y <= top, JSON.stringify(shape)).toBe(true);
    }
    expect(scene?.shapes.length).toBeGreaterThan(4);
  });
});

describe("what is drawn", () => {
  const texts = (env: AnyEnv) => env.render?.().shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));

  it("covers the dealer's second card until the player sticks", () => {
    const env = new Blackjack(engine);
    env.reset({ seed: 4 });
    expect(texts(env)?.filter((text) => text === "?")).toHaveLength(1);
    const { observation, terminated } = env.step(0);
    expect([terminated, texts(env)?.includes("?")]).toEqual([true, false]);
    expect(texts(env)?.[1]).toContain(`player: ${observation[0]}`);
    const other = new Blackjack(engine);
    other.restore(env.state());
    expect(texts(other)).toEqual(texts(env));
    env.reset();
    expect(texts(env)).toContain("?");
  });

  it("moves with the walker and the taxi", () => {
    const last = (env: AnyEnv) => env.render?.().shapes.at(-1)?.at;
    const walk = new CliffWalking(engine);
    walk.reset();
    const [x, y] = last(walk) as [number, number];
    walk.step(0);
    expect(last(walk)).toEqual([x, y + 1]);
    walk.step(1);
    expect(last(walk)).toEqual([x + 1, y + 1]);
  });
});

describe("on every engine", () => {
  it.each([
    ["Blackjack-v1", "3061b6c841c73685"],
    ["FrozenLake-v1", "0d1b96abe031c660"],
    ["FrozenLake8x8-v1", "539a59ba9ee166d4"],
    ["CliffWalking-v1", "74c703b83ae9773a"],
    ["CliffWalkingSlippery-v1", "8d9649b3910fa98c"],
    ["Taxi-v4", "80b94dee683c4635"],
  ])("5,000 steps of %s are those recorded", async (id, expected) => {
    const vector = await makeVec(id, { numEnvs: 5, seed: 2 ** 33 });
    vector.reset();
    const { n } = vector.singleActionSpace as Discrete;
    const history: number[] = [...vector.observations];
    for (let t = 0; t < 1000; t++) {
      vector.step(Int32Array.from({ length: 5 }, (_, index) => (((t * (t + index)) >> 2) + index) % n));
      for (const [index, value] of vector.observations.entries()) if (value !== 0) history.push(index);
      history.push(...vector.rewards, ...vector.terminated, ...vector.truncated);
    }
    const digest = await crypto.subtle.digest("SHA-256", Float32Array.from(history));
    const checksum = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
    expect(checksum.join("")).toBe(expected);
  });
});
