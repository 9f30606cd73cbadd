// The same bits on every engine, in Node, Chromium and Firefox alike: random numbers, sine and cosine, and the states
// of episodes. That of PCG64 is NumPy's (test/fixtures/random-checksum.py); the others are recorded, and change when
// the arithmetic does.

import { afterEach, describe, expect, it, vi } from "vitest";
import { CartPole, Engine, makeVec, PCG64, Stream } from "../../src/index.ts";

const engine = await Engine.create();

afterEach(() => vi.restoreAllMocks());

/** SHA-256, in hexadecimal. */
async function checksum(numbers: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", numbers);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Every state of this many steps, in float64; where an episode ends, the next begins. Actions follow the pole, but for
 * every fifth.
 */
function statesOf(env: CartPole, steps: number): number[] {
  const states: number[] = [];
  let observation = env.reset();
  for (let t = 0; t < steps; t++) {
    const follows = (observation[2] as number) + (observation[3] as number) > 0 ? 1 : 0;
    const result = env.step(t % 5 === 4 ? (t >> 1) & 1 : follows);
    states.push(...(env.state() as unknown as { physics: number[] }).physics);
    observation = result.terminated ? env.reset() : result.observation;
  }
  return states;
}

describe("on every engine", () => {
  it("30,000 numbers of PCG64 are NumPy's", async () => {
    const numbers: number[] = [];
    for (let index = 0; index < 1000; index++) {
      const rng = new PCG64(engine, BigInt(index) ** 13n);
      for (let draw = 0, bound = index + 1; draw < 10; draw++, bound *= 7) {
        numbers.push(rng.double(), rng.uniform(-2.5, 7), rng.integer((bound % 4294967295) + 1));
      }
    }
    expect(await checksum(Float64Array.from(numbers))).toBe(
      "3b5746d086181ba7bc589fae17856da3f16527d9a34a7cf0eb7d21d953a96e17",
    );
  });

  it("numbers of the streams are those recorded: uniform, normal and permutations", async () => {
    const owner = {};
    const count = 10_001;
    const address = engine.allocate(4 * count, owner);
    const digests: string[] = [];
    for (const kernel of ["philoxUniform", "philoxNormal", "philoxPermutation"] as const) {
      const stream = new Stream(engine, 2 ** 40 + 3, "sampling");
      engine.kernels[kernel](address, stream.address, count);
      digests.push(await checksum(engine.view("int32", address, count).slice()));
    }
    expect(digests).toEqual([
      "6c1db8371e69907e01e0fa382573235949a1dd84031e2193a1c89950bb0757c0",
      "9d6ad1fa1a70c6164a791342099a678312f563fb0dc071f2b33c784f3ea79b68",
      "aaa645316b4a062b6e93750cb0f7cf0bd8f1d8f9501e93df41ebacc8dd6a183d",
    ]);
  });

  it("sines and cosines of 60,000 arguments are those recorded", async () => {
    // Over the whole range and near 0; products and sums are the same everywhere.
    const share = Float64Array.from({ length: 60_000 }, (_, index) => (index - 30_000) / 30_000 + 1e-7);
    const x = share.map((value, index) => [1, 100, 205_000][index % 3]! * value * value * value);
    expect(await checksum(x.map((value) => engine.kernels.sin(value)))).toBe(
      "0957e773b0bc2363acee2b4da33b2642987f7a6caa16724a6b4bf0636a513ee1",
    );
    expect(await checksum(x.map((value) => engine.kernels.cos(value)))).toBe(
      "24dc1daeccc753466082f42ffddf8fe24636d79fe0df7666af91c3750184cc22",
    );
  });

  it("the states of 6,000 steps of CartPole are those recorded", async () => {
    const states = Array.from({ length: 20 }, (_, seed) => statesOf(new CartPole(engine, { seed }), 300)).flat();
    expect(states).toHaveLength(4 * 6000);
    expect(await checksum(Float64Array.from(states))).toBe(
      "8fa64bdb1df2cc5365dc6d6e8371c81798abf141d1e25a27e17128b31d76ae2b",
    );
  });

  it("the observations of a vector environment are those recorded, through 300 steps", async () => {
    const vector = await makeVec("CartPole-v1", { numEnvs: 5, seed: 2 ** 33 });
    vector.reset();
    const history: number[] = [...vector.observations];
    for (let t = 0; t < 300; t++) {
      vector.step(Int32Array.from({ length: 5 }, (_, index) => (t >> (index % 3)) & 1));
      history.push(...vector.observations, ...vector.terminated);
    }
    expect(await checksum(Float32Array.from(history))).toBe(
      "5c05112d4d0a7b3c2f2a656ae6eff409ddd85e429fc2420f09780725863c3dd7",
    );
  });

  it("nothing is asked of Math whose answer differs between engines", () => {
    const names = ["sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh"] as const;
    const more = ["exp", "expm1", "log", "log1p", "log2", "log10", "pow", "cbrt", "hypot", "random"] as const;
    const spies = [...names, ...more].map((name) => vi.spyOn(Math, name));
    statesOf(new CartPole(engine, { seed: 3 }), 100);
    for (const spy of spies) expect(spy, spy.getMockName()).not.toHaveBeenCalled();
  });
});
