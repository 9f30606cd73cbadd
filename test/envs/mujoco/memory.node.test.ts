// What environments on MuJoCo hold: its memory is one for all of them, grows and never shrinks, and nothing in it is
// freed by itself.

import { describe, expect, it } from "vitest";
import { mujoco } from "../../../src/envs/mujoco/index.ts";
import { loadMuJoCo } from "../../../src/envs/mujoco/library.ts";
import { type AnyEnv, Engine, make, makeVec, register } from "../../../src/index.ts";

const engine = await Engine.create();
const library = await loadMuJoCo("HalfCheetah-v4");
register(...mujoco);

/** The bytes of MuJoCo's memory. */
function heapBytes(): number {
  const model = library.MjModel.from_xml_string("<mujoco/>");
  const { byteLength } = model.body_mass.buffer;
  model.delete();
  return byteLength;
}

const envOf = (id: string): Promise<AnyEnv> => make(id, { engine });

async function collected(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !isDone(); turn++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("environments on MuJoCo", () => {
  it("are made and closed, 220 of them, in the memory that a few took", async () => {
    const robots = mujoco.map(({ id }) => id).filter((id) => id.endsWith("v4"));
    const cycle = async () => {
      const envs = await Promise.all(robots.map(envOf));
      for (const env of envs) {
        env.reset();
        env.close?.();
      }
    };
    for (let times = 0; times < 3; times++) await cycle();
    const before = heapBytes();
    for (let times = 0; times < 20; times++) await cycle();
    expect(heapBytes()).toBe(before);
  });

  it("may be closed twice, one or all of them", async () => {
    const [first, second] = [await envOf("Swimmer-v4"), await envOf("Swimmer-v4")];
    first.close?.();
    first.close?.();
    second.reset();
    expect(second.step(Float32Array.of(1, -1)).reward).toBeTypeOf("number");
    second.close?.();
    const third = await envOf("Swimmer-v4");
    expect(third.reset()).toHaveLength(8);
    third.close?.();
  });

  it("fit 512 at once, and those from before the memory grew go on", async () => {
    const first = await envOf("HalfCheetah-v4");
    first.reset({ seed: 3 });
    const action = Float32Array.of(1, -1, 0.5, 0, 0.25, -0.75);
    const expected: number[] = [];
    const twin = await envOf("HalfCheetah-v4");
    twin.reset({ seed: 3 });
    for (let step = 0; step < 5; step++) expected.push(...twin.step(action).observation);
    twin.close?.();

    const before = heapBytes();
    const many = await makeVec("HalfCheetah-v4", { numEnvs: 512, seed: 1, engine });
    many.reset();
    const actions = new Float32Array(512 * 6).fill(0.5);
    for (let step = 0; step < 3; step++) many.step(actions as never);
    expect(many.rewards.every(Number.isFinite)).toBe(true);
    expect(heapBytes()).toBeGreaterThan(before);
    // 256 kB of each are its arena, and a fifth of all is room to grow: 251 MB. With the default it would be 3.2 GB.
    expect(heapBytes() - before).toBeLessThan(512 * 0.6 * 2 ** 20);

    const actual: number[] = [];
    for (let step = 0; step < 5; step++) actual.push(...first.step(action).observation);
    expect(actual).toEqual(expected);
    first.close?.();
    many.close?.();
  });

  it("are freed with the garbage where nobody closes them", async () => {
    const fill = async () => {
      const env = await makeVec("HalfCheetah-v4", { numEnvs: 300, engine });
      env.reset();
    };
    await fill();
    const size = heapBytes();
    let freed = 0;
    const watch = new FinalizationRegistry(() => freed++);
    for (let times = 0; times < 3; times++) {
      watch.register(await envOf("HalfCheetah-v4"), 0);
      const wanted = times + 1;
      await collected(() => freed >= wanted);
      await fill();
    }
    expect(heapBytes() - size).toBeLessThan(400 * 0.6 * 2 ** 20);
  });
});
