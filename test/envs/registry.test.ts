// Environments by their names: what `register` takes, what `make` and `makeVec` hand to it, and what they refuse.

import { describe, expect, it } from "vitest";
import {
  CartPole,
  ConfigurationError,
  Engine,
  environments,
  type MakeOptions,
  make,
  makeVec,
  register,
  TimeLimit,
  UnknownEnvironmentError,
} from "../../src/index.ts";

const engine = await Engine.create();

/** What the environment below was made with. */
const made: Required<MakeOptions>[] = [];
register({
  id: "Recorded-v0",
  create: (options) => {
    made.push(options);
    return new CartPole(options.engine, options);
  },
});
register({ id: "Slow-v3", maxEpisodeSteps: 7, create: async (options) => new CartPole(options.engine, options) });

const ids = environments().map(({ id }) => id);

describe("make", () => {
  it("hands its seed and its engine on, and makes up for what is not given", async () => {
    made.length = 0;
    await make("Recorded-v0", { seed: 5, engine });
    expect(made).toEqual([{ seed: 5, engine }]);
    expect(made[0]?.engine).toBe(engine);
    await make("Recorded-v0");
    await make("Recorded-v0", { seed: 0 });
    expect(made.map(({ seed }) => seed)).toEqual([5, 1, 0]);
    // One engine that all share, which is nobody else's.
    expect(made[1]?.engine).toBe(made[2]?.engine);
    expect(made[1]?.engine).not.toBe(engine);
  });

  it("puts a time limit around where there is one, and waits for what is made later", async () => {
    expect(await make("Recorded-v0")).toBeInstanceOf(CartPole);
    const env = (await make("Slow-v3")) as TimeLimit;
    expect(env).toBeInstanceOf(TimeLimit);
    expect([env.maxEpisodeSteps, env.env instanceof CartPole]).toEqual([7, true]);
  });

  it.each([
    ["cartpole-v1", "did you mean CartPole-v1?"],
    ["CartPole-v2", "did you mean CartPole-v0?"],
    ["Slov-v3", "did you mean Slow-v3?"],
    ["Hopper-v5", `there are: ${ids.join(", ")}`],
    ["", `there are: ${ids.join(", ")}`],
  ])("does not know %j", async (id, answer) => {
    const error = new UnknownEnvironmentError(`unknown environment "${id}"; ${answer}`);
    await expect(make(id)).rejects.toThrow(error);
    await expect(makeVec(id)).rejects.toThrow(error);
  });

  it("does not know what is no name", async () => {
    await expect(make(undefined as never)).rejects.toThrow('unknown environment "undefined"; there are: CartPole-v0');
    for (const env of [undefined, await make("CartPole-v1")]) {
      await expect(makeVec(env as never)).rejects.toThrow(
        new ConfigurationError(
          `makeVec: env is of type ${typeof env}; it has to be the id of an environment or a function that makes one`,
        ),
      );
    }
  });

  it.each([-1, 0.5, Number.NaN])("refuses the seed %s", async (seed) => {
    await expect(make("CartPole-v1", { seed })).rejects.toThrow(
      new ConfigurationError(`seed: ${seed} is not an integer of at least 0`),
    );
  });
});

describe("makeVec", () => {
  it("makes numEnvs environments, one unless given, on the engine it is given", async () => {
    made.length = 0;
    const vector = await makeVec("Recorded-v0", { numEnvs: 3, seed: 8, engine });
    expect(made).toEqual([1, 2, 3].map(() => ({ seed: 8, engine })));
    expect(made.every((options) => options.engine === engine)).toBe(true);
    expect([vector.numEnvs, vector.spec]).toEqual([3, { id: "Recorded-v0" }]);
    expect((await makeVec("Recorded-v0")).numEnvs).toBe(1);
  });

  it("starts from seed 1 unless given", async () => {
    const [one, none] = [await makeVec("CartPole-v1", { seed: 1 }), await makeVec("CartPole-v1")];
    for (const vector of [one, none]) vector.reset();
    expect([...none.observations]).toEqual([...one.observations]);
  });

  it("takes a function of the index, which may take its time, and then knows no spec", async () => {
    const indices: number[] = [];
    const vector = await makeVec(
      async (index) => {
        indices.push(index);
        return new CartPole(engine);
      },
      { numEnvs: 3, seed: 4 },
    );
    expect([indices, vector.spec]).toEqual([[0, 1, 2], undefined]);
    vector.reset();
    expect([...vector.observations.subarray(8)]).toEqual([...new CartPole(engine).reset({ seed: 6 })]);
  });

  it.each([0, -2, 1.5, Number.NaN])("refuses to make %s environments", async (numEnvs) => {
    await expect(makeVec("CartPole-v1", { numEnvs })).rejects.toThrow(
      new ConfigurationError(`numEnvs: ${numEnvs} is not an integer from 1 to 65536`),
    );
  });

  it("refuses a seed that has no room for those of all environments, before it makes any", async () => {
    made.length = 0;
    const largest = Number.MAX_SAFE_INTEGER - 2;
    for (const seed of [largest + 2, -1, 0.5, Number.NaN]) {
      await expect(makeVec("Recorded-v0", { numEnvs: 3, seed })).rejects.toThrow(
        new ConfigurationError(`seed: ${seed} is not an integer from 0 to ${largest}`),
      );
    }
    expect(made).toEqual([]);
    const vector = await makeVec("Recorded-v0", { numEnvs: 3, seed: largest });
    vector.reset();
    expect([...vector.observations.subarray(8)]).toEqual([
      ...new CartPole(engine).reset({ seed: Number.MAX_SAFE_INTEGER }),
    ]);
  });
});

// Environment 2 would get the seed 2^53, which seed + numEnvs, rounded, does not show.
it("makeVec refuses the first seed that is too large for three environments", async () => {
  await expect(makeVec("CartPole-v1", { numEnvs: 3, seed: Number.MAX_SAFE_INTEGER - 1 })).rejects.toThrow(
    ConfigurationError,
  );
});

describe("register", () => {
  const create = ({ engine }: Required<MakeOptions>) => new CartPole(engine);

  it("lists what it was told, without what it was not", () => {
    expect(environments()).toContainEqual({ id: "Slow-v3", maxEpisodeSteps: 7 });
    expect(environments()).toContainEqual({
      ...{ id: "CartPole-v1", family: "classic control" },
      ...{ rewardThreshold: 475, maxEpisodeSteps: 500, framesPerSecond: 50 },
    });
    expect(environments().find(({ id }) => id === "Recorded-v0")).toStrictEqual({ id: "Recorded-v0" });
  });

  it("refuses an id that is taken, and leaves what has it", async () => {
    expect(() => register({ id: "Slow-v3", create })).toThrow(
      new ConfigurationError('register: there is an environment "Slow-v3" already'),
    );
    expect(await make("Slow-v3")).toBeInstanceOf(TimeLimit);
  });

  it.each(["", undefined, 5])("refuses the id %j", (id) => {
    expect(() => register({ id: id as string, create })).toThrow(
      new ConfigurationError("register: an environment has to have an id"),
    );
  });

  it.each([undefined, 5, {}])("refuses %j for what makes the environment", (create) => {
    expect(() => register({ id: "Unmade-v0", create: create as never })).toThrow(
      new ConfigurationError(
        `register: "Unmade-v0" has create ${JSON.stringify(create)}, which is not a function that makes an environment`,
      ),
    );
    expect(environments().some(({ id }) => id === "Unmade-v0")).toBe(false);
  });

  it("refuses what is no registration, and names that it does not know", () => {
    expect(() => register(undefined as never)).toThrow(new ConfigurationError("register: undefined is not an object"));
    expect(() => register({ id: "Named-v0", create, maxEpisodes: 5 } as never)).toThrow(
      new ConfigurationError("register: there is no option maxEpisodes; did you mean maxEpisodeSteps?"),
    );
    expect(environments().some(({ id }) => id === "Named-v0")).toBe(false);
  });

  it("may name what makes something else than an environment, which is said once it is made", async () => {
    const made: [string, unknown, string][] = [
      ["Nothing", undefined, "undefined"],
      ["Promised", Promise.resolve(undefined), "undefined"],
      ["Class", class Walker {}, String(class Walker {})],
      ["Options", { seed: 1 }, '{"seed":1}'],
    ];
    for (const [name, env, shown] of made) {
      for (const limit of [{}, { maxEpisodeSteps: 5 }]) {
        const id = `${name}-v${Object.keys(limit).length}`;
        register({ id, ...limit, create: () => env as never });
        const error = new ConfigurationError(
          `${id}: create: ${shown} is no environment; it has to have reset and step`,
        );
        await expect(make(id)).rejects.toThrow(error);
        await expect(makeVec(id)).rejects.toThrow(error);
      }
    }
  });

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses the limit %s", (maxEpisodeSteps) => {
    expect(() => register({ id: "Limited-v0", maxEpisodeSteps, create })).toThrow(
      new ConfigurationError(
        `register: "Limited-v0": maxEpisodeSteps: ${maxEpisodeSteps} is not an integer of at least 1`,
      ),
    );
    expect(environments().some(({ id }) => id === "Limited-v0")).toBe(false);
  });
});
