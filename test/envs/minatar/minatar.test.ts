// The family of MinAtar: its registrations, its states, the same bytes on every engine, and pictures.

import { describe, expect, it } from "vitest";
import { minatar } from "../../../src/envs/minatar/index.ts";
import { Engine, FileFormatError, make, makeVec, PCG64, register } from "../../../src/index.ts";
import fixture from "../../fixtures/minatar-games.json" with { type: "json" };
import { games, names } from "./games.ts";

const engine = await Engine.create();
register(...minatar);

/** SHA-256, in hexadecimal. */
async function checksum(numbers: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", numbers);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("the registrations", () => {
  it("are MinAtar's, without a limit or a threshold", () => {
    const ids = names.flatMap((name) => [`MinAtar/${name}-v0`, `MinAtar/${name}-v1`]);
    expect(minatar.map(({ create: _, ...spec }) => spec)).toEqual(
      ids.map((id) => ({ id, family: "MinAtar", framesPerSecond: 10 })),
    );
  });

  it.each(names)("make %s with MinAtar's spaces, all six actions or the minimal ones", async (name) => {
    const { channels, minimalActions } = fixture[name];
    for (const version of [0, 1]) {
      const env = await make(`MinAtar/${name}-v${version}`);
      const shape = [10, 10, channels.length];
      expect(env.observationSpace.toJSON()).toEqual({ type: "Box", low: 0, high: 1, shape, dtype: "uint8" });
      expect(env.actionSpace.toJSON()).toMatchObject({
        type: "Discrete",
        n: version === 0 ? 6 : minimalActions.length,
      });
      expect(() => env.step(0)).toThrow(`MinAtar/${name}-v${version}: step before the first reset`);
    }
  });

  it.each(names)("make %s whose minimal actions are those of the six", (name) => {
    for (const [action, all] of fixture[name].minimalActions.entries()) {
      const [minimal, full] = [true, false].map((minimalActions) => {
        const env = new games[name](engine, { minimalActions, stickyActionProbability: 0 });
        env.reset({ seed: 3 });
        for (let step = 0; step < 5; step++) env.step(minimalActions ? action : all);
        return env.state();
      });
      expect(minimal).toEqual(full);
    }
  });
});

describe("a state", () => {
  it.each(names)("of %s goes on bit by bit in another environment, pictures included", (name) => {
    const env = new games[name](engine, { seed: 4 });
    const other = new games[name](engine, { seed: 5 });
    const actions = new PCG64(engine, 6);
    const { n } = env.actionSpace;
    env.reset();
    for (let step = 0; step < 150; step++) {
      if (step % 7 === 0) {
        other.restore(structuredClone(env.state()));
        expect(other.render()).toEqual(env.render());
      }
      const action = actions.integer(n);
      const result = env.step(action);
      expect(other.step(action)).toEqual(result);
      if (result.terminated) expect(other.reset()).toEqual(env.reset());
    }
  });

  it("is refused where a number is out of its range", () => {
    const env = new games.Seaquest(engine);
    env.reset();
    const state = env.state() as { readonly flags: Uint8Array };
    expect(() => env.restore({ ...state, flags: Uint8Array.of(2, 0) })).toThrow(
      new FileFormatError("flags: an array of 2 uint8 is not an array of 2 finite uint8 from 0 to 1"),
    );
    expect(env.state()).toEqual(state);
  });
});

describe("on every engine", () => {
  it.each([
    ["Asterix", "f57efdbe4826397fcd9db70be71de6b36e8561d3ce2bfc71b1f677e2f926be23"],
    ["Breakout", "c8f5f4d5a2c5279046ed0356b780ea6bf1c404c795cd7d40add14fe1f4dbc244"],
    ["Freeway", "4874430cb0c26d5f4565528bd2fb332ef3f6de029ebf9c8762b6e9f5fc822200"],
    ["Seaquest", "65368632f95fc6a9832ab69237d6ce47e401a06fc40c9122d5ed478a1f5b497d"],
    ["SpaceInvaders", "e3cd12ceab5053c856e4de6495ae21adf6a57e92a5adbb04a6af222e75f9d53e"],
  ] as const)("the observations of 4 x 3,000 steps of %s are those recorded", async (name, expected) => {
    const vector = await makeVec(`MinAtar/${name}-v0`, { numEnvs: 4, seed: 2 });
    const actions = new PCG64(engine, 1);
    vector.reset();
    const history: number[] = [];
    for (let step = 0; step < 3000; step++) {
      vector.step(Int32Array.from({ length: 4 }, () => actions.integer(6)));
      for (const [place, cell] of vector.observations.entries()) if (cell === 1) history.push(place & 255, place >> 8);
      history.push(...vector.rewards, ...vector.terminated, ...vector.truncated);
    }
    expect(await checksum(Uint8Array.from(history))).toBe(expected);
  });
});

describe("a picture", () => {
  it.each(names)("of %s is an image of 10 x 10 pixels, in which things differ from what is behind", (name) => {
    const env = new games[name](engine);
    env.reset();
    const { view, shapes } = env.render();
    expect(view).toEqual({ left: 0, bottom: 0, right: 10, top: 10 });
    const [image] = shapes;
    if (image?.kind !== "image") throw new Error("no image");
    expect([image.width, image.height, image.columns, image.pixels.length]).toEqual([10, 10, 10, 300]);
    const colors = new Set(Array.from({ length: 100 }, (_, cell) => image.pixels.slice(3 * cell, 3 * cell + 3).join()));
    expect(colors.size).toBeGreaterThan(1);
  });
});
