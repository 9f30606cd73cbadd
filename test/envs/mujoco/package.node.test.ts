// MuJoCo's package: what is said where it is missing, or is another.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Engine, UnsupportedError } from "../../../src/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const engine = await Engine.create();

afterEach(() => {
  vi.doUnmock("@mujoco/mujoco");
  vi.resetModules();
});

/** Makes an environment where the package is what `load` gives. */
async function makeWith(load: () => object): Promise<unknown> {
  vi.resetModules();
  vi.doMock("@mujoco/mujoco", load);
  const { mujoco } = await import("../../../src/envs/mujoco/index.ts");
  return mujoco.find(({ id }) => id === "Hopper-v4")?.create({ engine, seed: 1 });
}

describe("@mujoco/mujoco", () => {
  it("of another version is refused, by both names", async () => {
    const refused = makeWith(() => ({ default: async () => ({ mj_versionString: () => "3.13.0" }) }));
    await expect(refused).rejects.toThrow(
      "Hopper-v4: @mujoco/mujoco is 3.13.0; it has to be 3.14.0: npm install @mujoco/mujoco@3.14.0",
    );
    await expect(makeWith(() => ({ default: async () => ({ mj_versionString: () => "4" }) }))).rejects.toMatchObject({
      name: UnsupportedError.name,
    });
  });

  it("that fails to load is asked again the next time", async () => {
    let times = 0;
    const load = async () => {
      throw new Error(`no ${++times}`);
    };
    vi.doMock("@mujoco/mujoco", () => ({ default: load }));
    const { mujoco } = await import("../../../src/envs/mujoco/index.ts");
    const make = () => mujoco[0]?.create({ engine, seed: 1 });
    await expect(make()).rejects.toThrow("no 1");
    await expect(make()).rejects.toThrow("no 2");
  });

  it("that is not installed is named in one line, and lists go without it", () => {
    const folder = mkdtempSync(join(tmpdir(), "proximal-mujoco-"));
    try {
      for (const part of ["dist", "bin", "package.json"])
        cpSync(join(root, part), join(folder, part), { recursive: true });
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [join(folder, "bin/proximal.js"), ...args], { cwd: folder, encoding: "utf8" });
      const train = run("train", "HalfCheetah-v4");
      expect(train.status).toBe(2);
      expect(train.stderr).toBe(
        "proximal: HalfCheetah-v4 needs @mujoco/mujoco, which is not installed: npm install @mujoco/mujoco@3.14.0\n",
      );
      const list = run("envs");
      expect(list.status).toBe(0);
      expect(list.stdout).toMatch(/^ +CartPole-v1 +Box\(4\)/m);
      expect(list.stdout).toMatch(/^MuJoCo: npm install @mujoco\/mujoco@3\.14\.0$[\s\S]*^ +Ant-v5 +- +- +6000 +1000$/m);
      const lines = run("envs", "--json").stdout.trimEnd().split("\n");
      const ant = lines.map((line) => JSON.parse(line)).find(({ id }) => id === "Ant-v5");
      const known = {
        requires: "@mujoco/mujoco@3.14.0",
        installed: false,
        rewardThreshold: 6000,
        maxEpisodeSteps: 1000,
      };
      expect(ant).toEqual({ id: "Ant-v5", family: "MuJoCo", ...known });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
