// Environments in another process, which here is no Python but speaks as the Python side does: what comes across, and
// what is said where something fails.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Stateful } from "../../../src/base/state.ts";
import type { GymnasiumEnv } from "../../../src/envs/gymnasium/environment.ts";
import { gymnasium } from "../../../src/envs/gymnasium/index.ts";
import { type AnyEnv, Engine, type VectorEnv } from "../../../src/index.ts";
import { emptyFolder, jsonLines } from "../../cli/run.ts";

const fake = fileURLToPath(new URL("fake.mjs", import.meta.url));
const engine = await Engine.create();
const opened: { close?: () => void }[] = [];
afterAll(() => {
  for (const env of opened) env.close?.();
});

async function vectorOf(name: string, numEnvs = 3, seed = 10): Promise<VectorEnv & Stateful> {
  const { createVec } = await gymnasium(name, { python: fake });
  const vector = await createVec?.({ numEnvs, seed, engine });
  opened.push(vector as VectorEnv);
  return vector as VectorEnv & Stateful;
}

async function envOf(name: string, seed = 10): Promise<AnyEnv> {
  const env = await (await gymnasium(name, { python: fake })).create({ seed, engine });
  opened.push(env);
  return env;
}

const actions = Int32Array.of(0, 1, 0);

describe("several environments in another process", () => {
  it("say what they are", async () => {
    const { create: _, createVec: __, ...spec } = await gymnasium("plain", { python: fake });
    expect(spec).toEqual({
      ...{ id: "gymnasium:plain", family: "Gymnasium", requires: "gymnasium==9.9.9" },
      ...{ rewardThreshold: 7, maxEpisodeSteps: 5 },
    });
    const vector = await vectorOf("plain");
    expect([vector.spec, vector.numEnvs, vector.actionMasks, vector.notes]).toEqual([spec, 3, undefined, []]);
    expect([String(vector.singleObservationSpace), String(vector.singleActionSpace)]).toEqual([
      "Box(2)",
      "Discrete(2)",
    ]);
    expect(vector.singleObservationSpace.toJSON()).toMatchObject({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  it.each(["plain", "pieces", "prints"])("are begun from seed + i and stepped together, in %s", async (name) => {
    const vector = await vectorOf(name);
    vector.reset();
    expect([...vector.observations]).toEqual([10, 0, 11, 0, 12, 0]);
    vector.step(actions);
    expect([...vector.observations]).toEqual([10, 1, 11, 1, 12, 1]);
    expect([...vector.rewards]).toEqual([1, 2, 1]);
    vector.reset();
    expect([...vector.observations]).toEqual([-1, 0, -1, 0, -1, 0]);
    vector.reset({ seed: 5 });
    expect([...vector.observations]).toEqual([5, 0, 6, 0, 7, 0]);
  });

  it("begin anew in the step that ends them, terminated and truncated apart, without a seed", async () => {
    const vector = await vectorOf("plain");
    vector.reset();
    for (let step = 0; step < 3; step++) vector.step(actions);
    expect([[...vector.terminated], [...vector.truncated]]).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect([...vector.finalObservations]).toEqual([10, 3, 11, 3, 12, 3]);
    expect([...vector.observations]).toEqual([-1, 0, -1, 0, -1, 0]);
    vector.step(actions);
    expect([...vector.terminated, ...vector.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("have the masks that they give", async () => {
    const vector = await vectorOf("masked", 2);
    vector.reset();
    expect([...(vector.actionMasks as Uint8Array)]).toEqual([1, 0, 1, 0]);
    vector.step(actions.subarray(0, 2));
    expect([...(vector.actionMasks as Uint8Array)]).toEqual([0, 1, 0, 1]);
    const env = await envOf("masked");
    env.reset();
    expect([...((env as GymnasiumEnv).actionMask?.() ?? [])]).toEqual([1, 0]);
  });

  it("may say more than a pipe holds", async () => {
    const vector = await vectorOf("large");
    vector.reset();
    for (let step = 0; step < 2; step++) vector.step(actions);
    const last = Array.from({ length: 3 }, (_, index) => vector.observations[(index + 1) * 100_000 - 1]);
    expect(last).toEqual([0, 1, 2]);
    expect(vector.observations[100_001]).toBe(2);
  });

  it("go on from their state, here and in another process", async () => {
    const vector = await vectorOf("masked", 2);
    vector.reset();
    vector.step(actions.subarray(0, 2));
    const saved = vector.state();
    const seen = () => {
      const rows: unknown[] = [];
      for (let step = 0; step < 4; step++) {
        vector.step(actions.subarray(0, 2));
        rows.push([[...vector.observations], [...vector.rewards], [...(vector.actionMasks as Uint8Array)]]);
      }
      return rows;
    };
    const first = seen();
    const other = await vectorOf("masked", 2);
    for (const target of [vector, other]) {
      target.restore(saved);
      expect([...target.observations]).toEqual([10, 1, 11, 1]);
      expect([...(target.actionMasks as Uint8Array)]).toEqual([0, 1, 0, 1]);
      expect(target.state()).toEqual(saved);
    }
    expect(seen()).toEqual(first);
  });

  it("keep their state where another is refused", async () => {
    const vector = await vectorOf("plain", 2);
    vector.reset();
    vector.step(actions.subarray(0, 2));
    const saved = vector.state() as { envs: Uint8Array[] };
    vector.step(actions.subarray(0, 2));
    const before = vector.state();
    const broken = { ...saved, envs: [saved.envs[0], Uint8Array.of(1, 2)] };
    expect(() => vector.restore(broken)).toThrow(
      "environment 1: gymnasium:plain: in environment 1: UnpicklingError: not a pickle, at step 1",
    );
    expect(() => vector.restore({ ...saved, envs: [saved.envs[0], "no"] })).toThrow(
      'environment 1: "no" is not what Python has saved',
    );
    expect(vector.state()).toEqual(before);
  });

  it("go on with new episodes where they cannot be saved, and say so beforehand", async () => {
    const vector = await vectorOf("unsaved");
    expect(vector.notes).toEqual([
      "gymnasium:unsaved: Python cannot save its environments (TypeError: cannot pickle it): " +
        "a training that is resumed goes on with new episodes",
    ]);
    vector.reset();
    for (let step = 0; step < 2; step++) vector.step(actions);
    const saved = vector.state();
    const other = await vectorOf("unsaved");
    other.restore(saved);
    // Other seeds than those of the first episodes.
    expect([...other.observations]).toEqual([15, 0, 16, 0, 17, 0]);
    expect(other.state()).toEqual(saved);
    const env = await envOf("unsaved");
    expect([env.state, env.restore]).toEqual([undefined, undefined]);
  });
});

describe("one environment in another process", () => {
  it("writes where it is told, and gives new arrays otherwise", async () => {
    const env = await envOf("plain");
    const first = env.reset();
    expect([...first]).toEqual([10, 0]);
    const result = env.step(1);
    expect(result).toEqual({ observation: Float32Array.of(10, 1), reward: 2, terminated: false, truncated: false });
    const into = { observation: new Float32Array(2), reward: 0, terminated: true, truncated: true };
    const { observation } = into;
    expect(env.step(0, into)).toBe(into);
    expect(into.observation).toBe(observation);
    expect(into).toEqual({ observation: Float32Array.of(10, 2), reward: 1, terminated: false, truncated: false });
    expect([...first, ...result.observation]).toEqual([10, 0, 10, 1]);
    expect([...env.reset({ seed: 4 }, observation)]).toEqual([4, 0]);
  });

  it("refuses what is out of order and what is no action", async () => {
    const env = await envOf("plain");
    expect(() => env.step(0)).toThrow("gymnasium:plain: step before the first reset");
    env.reset();
    for (const action of [2, 0.5, -1, Number.NaN, undefined])
      expect(() => env.step(action)).toThrow(`gymnasium:plain: action is ${action}; it has to be in Discrete(2)`);
    for (let step = 0; step < 3; step++) env.step(0);
    expect(() => env.step(0)).toThrow("gymnasium:plain: step after the episode ended; reset has to come first");
  });

  it("is seen as the pixels that it shows, where it shows any", async () => {
    const env = await envOf("seen");
    env.reset();
    env.step(1);
    const pixels = Array.from({ length: 6 }, () => [10, 1, 255]).flat();
    const image = { kind: "image", width: 3, height: 2, columns: 3, pixels: Uint8Array.from(pixels) };
    const scene = env.render?.();
    expect(scene).toEqual({ view: { left: 0, bottom: 0, right: 3, top: 2 }, shapes: [image] });
    env.step(1);
    expect(env.render?.()).not.toEqual(scene);
    expect(scene?.shapes[0]).toEqual(image);
    expect((await envOf("plain")).render).toBeUndefined();
  });

  it("goes on from its state", async () => {
    const [env, other] = [await envOf("masked"), await envOf("masked")];
    env.reset();
    env.step(0);
    const saved = env.state?.();
    other.restore?.(saved);
    expect(other.state?.()).toEqual(saved);
    expect([...((other as GymnasiumEnv).actionMask?.() ?? [])]).toEqual([0, 1]);
    expect(other.step(1)).toEqual(env.step(1));
  });
});

describe("what fails is said", () => {
  it.each([
    [
      "no gymnasium",
      "MissingPackageError",
      `gymnasium:no gymnasium needs a Python package that "${fake}" has not (ModuleNotFoundError: No module named 'gymnasium'): pip install gymnasium, or name another Python by PROXIMAL_PYTHON`,
    ],
    [
      "no box",
      "MissingPackageError",
      `gymnasium:no box needs a Python package that "${fake}" has not (DependencyNotInstalled: run pip install box): install it, or name another Python by PROXIMAL_PYTHON`,
    ],
    ["unknown", "UnknownEnvironmentError", "gymnasium:unknown: NameNotFound: no such thing"],
    ["text", "UnsupportedError", "gymnasium:text: NotImplementedError: Text is none of Box"],
    ["broken", "EnvironmentError", "gymnasium:broken: it cannot be made: ValueError: no ROM"],
    ["silent", "EnvironmentError", `gymnasium:silent: "${fake}" ended with 3 before it had made it`],
  ])("where it cannot be made: %s", async (scene, name, message) => {
    await expect(gymnasium(scene, { python: fake })).rejects.toMatchObject({ name, message });
  });

  it("where there is no Python, or it is no program", async () => {
    for (const python of ["/no/such/python", tmpdir()])
      await expect(gymnasium("plain", { python })).rejects.toMatchObject({
        name: "MissingPackageError",
        message: expect.stringMatching(
          `^gymnasium:plain needs Python, and "${python}" cannot be started \\(spawn [^)]*\\); PROXIMAL_PYTHON names another$`,
        ),
      });
  });

  it("where the name or an option is none", async () => {
    await expect(gymnasium("")).rejects.toThrow('gymnasium: "" is not the name of an environment');
    await expect(gymnasium("plain", { pithon: "x" } as never)).rejects.toThrow("gymnasium: there is no option pithon");
  });

  it("where Python raises, and the process goes on", async () => {
    const vector = await vectorOf("raises 2");
    vector.reset();
    expect(() => vector.step(actions)).toThrow("gymnasium:raises 2: in environment 1: ValueError: not this, at step 1");
    expect(() => vector.step(actions)).toThrow("gymnasium:raises 2: in environment 1: ValueError: not this, at step 2");
  });

  it("where the process ends, at every later call too", async () => {
    const vector = await vectorOf("dies 3");
    vector.reset();
    vector.step(actions);
    for (const step of [2, 3])
      expect(() => vector.step(actions)).toThrow(`gymnasium:dies 3: its Python process has ended, at step ${step}`);
    expect(() => vector.state()).toThrow("gymnasium:dies 3: its Python process has ended, at step 3");
  });

  it("where it was closed, or was not reset", async () => {
    const vector = await vectorOf("plain");
    expect(() => vector.step(actions)).toThrow("gymnasium:plain: step before the first reset");
    vector.reset();
    vector.close?.();
    vector.close?.();
    expect(() => vector.step(actions)).toThrow("gymnasium:plain: its Python process was closed, at step 1");
  });

  it("where an action is none, before any environment moves", async () => {
    const vector = await vectorOf("plain");
    vector.reset();
    expect(() => vector.step(Int32Array.of(0, 2, 0))).toThrow("gymnasium:plain: action is 2 in environment 1");
    expect([...vector.observations]).toEqual([10, 0, 11, 0, 12, 0]);
  });
});

describe("processes", () => {
  const folder = emptyFolder();
  const pids = join(folder.path, "pids");
  process.env.FAKE_PIDS = pids;
  process.env.PROXIMAL_PYTHON = fake;
  afterAll(() => {
    folder.remove();
    delete process.env.FAKE_PIDS;
    delete process.env.PROXIMAL_PYTHON;
  });

  /** Resolves once all processes that were started since `clear` have ended. */
  async function allEnded(): Promise<number> {
    const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
    const runs = (pid: number) =>
      existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(" Z ");
    while (process.platform === "linux" && started.some(runs)) await new Promise((resolve) => setTimeout(resolve, 20));
    return started.length;
  }
  const clear = () => rmSync(pids, { force: true });

  it("end when they are closed, and leave nothing in the folder of temporary files", async () => {
    clear();
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("proximal-")).length;
    const vector = await vectorOf("plain");
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("proximal-")).length).toBeLessThanOrEqual(before);
    vector.close?.();
    expect(await allEnded()).toBe(1);
  });

  it("end when the process that started them is killed", async () => {
    clear();
    const child = folder.start(["train", "gymnasium:plain", "--out", "killed", "--steps", "100000000"]);
    while (!existsSync(join(folder.path, "killed", "metrics.jsonl"))) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGKILL");
    expect(await allEnded()).toBeGreaterThan(0);
  });

  it("that die lose no checkpoint: the run goes on from it", async () => {
    const args = ["--steps", "4096", "--checkpoint-interval", "1", "--hidden-sizes", "4"];
    const { code, stderr } = await folder.run("train", "gymnasium:dies 2000", ...args, "--out", "died");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^proximal: gymnasium:dies 2000: its Python process has ended, at step \d+$/m);
    const read = () => readFileSync(join(folder.path, "died", "metrics.jsonl"), "utf8");
    const before = jsonLines(read()).length;
    expect(before).toBeGreaterThan(0);
    const again = await folder.run("train", "--resume", "died");
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/going on after [1-9]\d* steps/);
    expect(jsonLines(read()).length).toBe(8);
  });

  it("are trained in, evaluated, resumed and verified by their names", async () => {
    const args = ["--steps", "1024", "--hidden-sizes", "4"];
    const trained = await folder.run("train", "gymnasium:a/b:plain", ...args, "--eval-every", "512", "--json");
    expect([trained.code, trained.stderr]).toEqual([0, ""]);
    const run = join("runs", "gymnasium-a-b-plain-seed1");
    const config = JSON.parse(readFileSync(join(folder.path, run, "config.json"), "utf8"));
    expect(config).toMatchObject({ env: "gymnasium:a/b:plain", versions: { requires: "gymnasium==9.9.9" } });
    expect((await folder.run("eval", run, "--episodes", "2", "--json")).code).toBe(0);
    expect((await folder.run("train", "--resume", run, "--total-steps", "2048", "--json")).code).toBe(0);
    const verified = await folder.run("verify", run);
    expect([verified.code, verified.stdout, verified.stderr]).toEqual([0, expect.stringMatching(/^verified/), ""]);
  });

  it("whose environments cannot be saved are trained in as well, and that is said", async () => {
    const args = ["--steps", "1024", "--hidden-sizes", "4", "--out", "unsaved"];
    const trained = await folder.run("train", "gymnasium:unsaved", ...args);
    expect(trained.code).toBe(0);
    expect(trained.stdout + trained.stderr).toContain("a training that is resumed goes on with new episodes");
    const resumed = await folder.run("train", "--resume", "unsaved", "--total-steps", "2048");
    expect(resumed.code).toBe(0);
    expect(resumed.stdout + resumed.stderr).toContain("a training that is resumed goes on with new episodes");
  });

  it("that a person did not mean are no environment", async () => {
    writeFileSync(pids, "");
    const { code, stderr } = await folder.run("train", "gymnasium:unknown", "--steps", "8");
    expect([code, stderr]).toEqual([2, "proximal: gymnasium:unknown: NameNotFound: no such thing\n"]);
  });
});
