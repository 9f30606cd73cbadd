// An environment that a person wrote, by its path: trained, evaluated, verified, gone on with, and looked at.

import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, jsonLines } from "./run.ts";

const folder = emptyFolder();
const small = ["--num-envs", "2", "--num-steps", "16", "--num-minibatches", "2", "--hidden-sizes", "4"];

const corridor = `
import { Box, Discrete, EnvironmentError } from "proximal";

export class Corridor {
  observationSpace = new Box(0, 5, [1]);
  actionSpace = new Discrete(2);
  position = -1;

  reset(options, into = new Float32Array(1)) {
    this.position = 0;
    into[0] = 0;
    return into;
  }

  step(action, into = { observation: new Float32Array(1) }) {
    if (this.position < 0 || this.position === 5) throw new EnvironmentError("reset has to come first");
    if (!this.actionSpace.contains(action)) throw new EnvironmentError("no action: " + action);
    this.position = Math.max(0, this.position + (action === 1 ? 1 : -1));
    into.observation[0] = this.position;
    into.reward = this.position === 5 ? 1 : -0.1;
    into.terminated = this.position === 5;
    into.truncated = false;
    return into;
  }

  state() {
    return { position: this.position };
  }

  restore(state) {
    if (!Number.isInteger(state?.position)) throw new EnvironmentError("no state");
    this.position = state.position;
  }
}
`;

const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);

beforeAll(() => {
  mkdirSync(join(folder.path, "node_modules"));
  mkdirSync(join(folder.path, "envs"));
  symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(folder.path, "node_modules/proximal"), "junction");
  write("corridor.js", `${corridor}export default Corridor;\n`);
  write("package.json", '{ "type": "module" }\n');
  write(
    "made.mjs",
    'import { Corridor } from "./corridor.js";\nexport default async ({ seed, engine }) => new Corridor();\n',
  );
  const entry = "{ create: () => new Corridor(), maxEpisodeSteps: 7, rewardThreshold: 0.5, id: 'Other' }";
  write("envs/entry.js", `import { Corridor } from "../corridor.js";\nexport default ${entry};\n`);
});
afterAll(() => folder.remove());

describe("an environment of one's own", () => {
  it("is trained by its path, and its run evaluated, verified, drawn and gone on with", async () => {
    const trained = await folder.run("train", "./corridor.js", ...small, "--steps", "640", "--json");
    expect(trained).toMatchObject({ code: 0, stderr: "" });
    const run = "runs/corridor-seed1";
    expect(readdirSync(join(folder.path, "runs"))).toEqual(["corridor-seed1"]);
    const config = JSON.parse(readFileSync(join(folder.path, run, "config.json"), "utf8"));
    expect(config).toMatchObject({ env: "./corridor.js", numEnvs: 2 });
    expect(jsonLines(trained.stdout).at(-1)).toMatchObject({ type: "result", env: "./corridor.js", steps: 640 });

    const evaluated = await folder.run("eval", run, "--episodes", "3", "--stochastic", "--json");
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ env: "./corridor.js" });
    expect(await folder.run("verify", run)).toMatchObject({ code: 0, stderr: "" });
    expect(await folder.run("plot", run)).toMatchObject({ code: 0, stderr: "" });
    expect(await folder.run("train", "--resume", run, "--steps", "960")).toMatchObject({ code: 0, stderr: "" });
    expect((await folder.run("verify", run)).stdout).toMatch(/^verified: same bytes, 30 iterations/);
  });

  it("has one id, however its path is written", async () => {
    const paths = ["corridor.js", join(folder.path, "corridor.js"), "./envs/../corridor.js"];
    for (const path of paths) {
      const { stdout } = await folder.run("check-env", path, "--steps", "50", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ env: "./corridor.js", faults: 0 });
    }
  });

  it("is made by a function, or by an object that says more of it", async () => {
    const made = await folder.run("train", "made.mjs", ...small, "--steps", "64", "--out", "made");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const entry = await folder.run(
      "train",
      "envs/entry.js",
      ...small,
      "--steps",
      "320",
      "--seed",
      "3",
      "--stop-when-solved",
    );
    expect(entry).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(join(folder.path, "runs"))).toContain("entry-seed3");
    const lines = readFileSync(join(folder.path, "runs/entry-seed3/metrics.jsonl"), "utf8");
    for (const { meanLength } of jsonLines(lines)) expect(Number(meanLength ?? 0)).toBeLessThanOrEqual(7);
    expect(await folder.run("presets", "envs/entry.js")).toMatchObject({ code: 0, stderr: "" });
    const other = await folder.run("eval", "made/policy.safetensors", "--env", "./envs/entry.js", "--episodes", "2");
    expect(other.stdout).toContain("./envs/entry.js, 2 episodes");
  });

  it("says what of a run differs that was trained in an environment that has changed since", async () => {
    write("changing.js", `${corridor}export default Corridor;\n`);
    await folder.run("train", "changing.js", ...small, "--steps", "320");
    write("changing.js", `${corridor.replace("-0.1", "-0.2")}export default Corridor;\n`);
    const { code, stdout } = await folder.run("verify", "runs/changing-seed1");
    expect([code, stdout.split("\n")[0]]).toEqual([1, expect.stringMatching(/^differs: .*iteration 1: /)]);
  });

  const why = "a class of environments, a function that makes one, or an object with such a function as create";
  it.each([
    ["missing.js", undefined, "./missing.js: no such file"],
    ["./envs", undefined, "./envs: a folder, not a module"],
    [
      "broken.js",
      "export default class {\n  step( {\n",
      /^\.\/broken\.js: it cannot be imported: SyntaxError: .+; node --check \.\/broken\.js shows where$/,
    ],
    [
      "needs.js",
      'import "no-such-package";',
      /^\.\/needs\.js: it cannot be imported: Error: Cannot find package 'no-such-package'/,
    ],
    ["throws.js", 'throw new RangeError("two\\nlines");', "./throws.js: it cannot be imported: RangeError: two"],
    ["named.js", "export class Corridor {}", `./named.js: it has no default export, which has to be ${why}`],
    ["number.js", "export default 7;", `./number.js: its default export is 7; it has to be ${why}`],
    [
      "none.js",
      "export default () => ({ reset() {} });",
      "./none.js: create: {} is no environment; it has to have reset and step",
    ],
    [
      "spaces.js",
      "export default class { reset() {} step() {} }",
      /^environment 0: observationSpace of .+: undefined is no space of this copy of proximal$/,
    ],
    [
      "limit.js",
      "export default { create: () => ({}), maxEpisodeSteps: 0 };",
      'register: "./limit.js": maxEpisodeSteps: 0 is not an integer of at least 1',
    ],
  ])("is refused in one line where it is %s", async (name, text, message) => {
    if (text !== undefined) write(name, text);
    const before = readdirSync(folder.path);
    const { code, stdout, stderr } = await folder.run("train", name, ...small);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^proximal: .+\n$/);
    const said = stderr.replace("proximal: ", "").trimEnd();
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it.runIf(process.versions.node.startsWith("20."))(
    "is not read where it is TypeScript and Node is too old",
    async () => {
      write("typed.ts", "export default class { x: number = 1 }");
      expect((await folder.run("train", "typed.ts")).stderr).toMatch(
        /^proximal: \.\/typed\.ts: Node 20\.\d+\.\d+ reads no TypeScript; compile it to JavaScript, or take Node 22\.18 or later\n$/,
      );
    },
  );
});

describe("check-env", () => {
  it("says what is wrong in words, and exits with 1 where there are faults", async () => {
    write(
      "wrong.js",
      `${corridor.replace("into.truncated = false;", "into.truncated = 0;")}export default Corridor;\n`,
    );
    const { code, stdout, stderr } = await folder.run("check-env", "wrong.js", "--steps", "60", "--seed", "4");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout.split("\n").filter((line) => !line.startsWith("note:"))).toEqual([
      "fault: ends: truncated is 0 at step 1; it has to be true or false: terminated at an end of its own, truncated where it is cut off",
      expect.stringMatching(/^fault: autoreset: /),
      "./wrong.js: 2 faults",
      "",
    ]);
    const json = await folder.run("check-env", "wrong.js", "--steps", "60", "--seed", "4", "--json");
    expect(json.code).toBe(1);
    const said = JSON.parse(json.stdout);
    expect(said).toMatchObject({ env: "./wrong.js", seed: 4, steps: 60, faults: 2 });
    expect(said.findings[0]).toEqual({
      ...{ kind: "fault", rule: "ends", found: "truncated is 0 at step 1" },
      expected: "it has to be true or false: terminated at an end of its own, truncated where it is cut off",
    });
  });

  it("takes an id, and exits with 0 where there are none", async () => {
    const { code, stdout, stderr } = await folder.run("check-env", "CartPole-v1", "--steps", "100");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("CartPole-v1: no faults");
  });

  it.each([
    [["check-env"], "check-env: <env> is missing, as in: proximal check-env <env>"],
    [["check-env", "CartPole-v12"], 'unknown environment "CartPole-v12"; did you mean CartPole-v1?'],
    [["check-env", "CartPole-v1", "--steps", "0"], "--steps: 0 is not an integer of at least 1"],
    [["check-env", "CartPole-v1", "--seed", "x"], '--seed: "x" is not an integer of at least 0'],
  ])("%j is refused", async (args, message) => {
    const { code, stderr } = await folder.run(...args);
    expect([code, stderr]).toEqual([2, `proximal: ${message}\n`]);
  });
});
