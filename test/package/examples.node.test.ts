// The examples in docstrings compile as whoever hovers over a name would paste them: names of the package need no
// import, and what an example is given (`agent`, `engine`, `bytes`, ...) is declared below.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import * as natsBench from "../../src/envs/nats-bench/index.ts";
import * as toyText from "../../src/envs/toy-text/index.ts";
import * as proximal from "../../src/index.ts";
import * as io from "../../src/io/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import * as render from "../../src/render/index.ts";
import * as tensor from "../../src/tensor/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proximal-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given = `
  const agent: import("proximal").PPO;
  const bytes: Uint8Array;
  const engine: import("proximal").Engine;
  const env: import("proximal").VectorEnv;
  const loss: import("proximal/tensor").Program<object, import("proximal/tensor").Outputs>;
  const parameters: import("proximal/nn").Parameters;
  const policy: import("proximal").Policy;`;
const types = [
  'type StepResult = import("proximal").StepResult;',
  'type Network = import("proximal/nn").Network;',
  'type Tensor = import("proximal/tensor").Tensor;',
];
const files = `
declare module "*.wasm" { const module: object; export default module; }
declare module "my-environments" { export const Coin: new () => import("proximal").AnyEnv; }`;
const declared = [...given.matchAll(/const (\w+)/g)].map(([, name]) => name);

/** Each block of TypeScript in a docstring of src/, by file and line. */
const examples = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.includes("generated"))
  .flatMap((path) => {
    const source = readFileSync(join(root, "src", path), "utf8");
    return [...source.matchAll(/^( *) \* ```ts\n([\s\S]*?)^\1 \* ```$/gm)].map(({ index, 2: text = "" }) => {
      const name = `${path.replace(/\W/g, "-")}-${source.slice(0, index).split("\n").length + 1}.ts`;
      return { name, text: text.replace(/^ *\* ?/gm, "") };
    });
  });

const entries = {
  proximal,
  "proximal/tensor": tensor,
  "proximal/nn": nn,
  "proximal/optim": optim,
  "proximal/io": io,
  "proximal/envs/nats-bench": natsBench,
  "proximal/envs/toy-text": toyText,
  "proximal/render": render,
};

it("compile", () => {
  const installed = join(folder, "node_modules/proximal");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  symlinkSync(join(root, "dist"), join(installed, "dist"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

  const globals = new Map(
    Object.entries(entries).flatMap(([entry, names]) =>
      Object.keys(names).map((name) => [name, `const ${name}: typeof import("${entry}").${name};`]),
    ),
  );
  const context = `declare global {\n${[...globals.values(), ...types].join("\n")}\n${given}\n}\nexport {};\n`;
  writeFileSync(join(folder, "context.ts"), context);
  writeFileSync(join(folder, "files.d.ts"), files);
  // A module of its own, so that what it declares hides what it is given.
  for (const { name, text } of examples) writeFileSync(join(folder, name), `${text}export {};\n`);
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [], noEmit: true },
    ...{ strict: true, noImplicitOverride: true, exactOptionalPropertyTypes: true, preserveSymlinks: true },
  };
  const listed = ["context.ts", "files.d.ts", ...examples.map(({ name }) => name)];
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: listed }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", cwd: folder });
  expect(stdout).toBe("");
  expect(examples.length).toBeGreaterThan(20);
  for (const name of declared) expect(examples.some(({ text }) => text.includes(name as string))).toBe(true);
});
