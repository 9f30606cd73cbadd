// The page for authors of environments, followed: its modules are written to a folder as they stand there, looked at,
// trained, evaluated and verified by its own lines; what is TypeScript compiles.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as proximal from "../../src/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proximal-page-"));
const page = readFileSync(join(root, "docs/environments.md"), "utf8");
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text = ""]) => text);
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, "bin/proximal.js"), ...args], { cwd: folder, encoding: "utf8" });

beforeAll(() => {
  const installed = join(folder, "node_modules/proximal");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, installed, "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  const [buoy = "", ...others] = blocksOf("js");
  expect(others).toEqual([]);
  writeFileSync(join(folder, "buoy.js"), buoy);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("its commands do as it says, and its environment keeps all rules", () => {
  const lines = (blocksOf("sh")[0] ?? "").trim().split("\n");
  const commands = lines.map((line) =>
    line
      .replace(/^npx proximal |#.*$/g, "")
      .trim()
      .split(/ +/),
  );
  expect(commands.map(([command]) => command)).toEqual(["check-env", "train", "eval", "verify"]);
  const outputs = commands.map((args) => {
    const { status, stdout, stderr } = run(...args);
    expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: "" });
    return stdout;
  });
  expect(outputs[0]).toBe("./buoy.js: no faults\n");
  expect(outputs[3]).toMatch(/^verified: same bytes/);
});

it("what it has in TypeScript compiles", () => {
  const blocks = blocksOf("ts").slice(1);
  expect(blocks).toHaveLength(3);
  const typed = join(folder, "typed");
  const installed = join(typed, "node_modules/proximal");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  symlinkSync(join(root, "dist"), join(installed, "dist"), "junction");
  const names = Object.keys(proximal).map((name) => `const ${name}: typeof import("proximal").${name};`);
  const context = [...names, 'const engine: import("proximal").Engine;'].join("\n");
  writeFileSync(join(typed, "context.ts"), `declare global {\n${context}\n}\nexport {};\n`);
  for (const [index, text] of blocks.entries()) writeFileSync(join(typed, `block${index}.ts`), `${text}export {};\n`);
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [], noEmit: true, strict: true },
    ...{ noImplicitOverride: true, exactOptionalPropertyTypes: true, preserveSymlinks: true },
  };
  writeFileSync(join(typed, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  writeFileSync(join(typed, "package.json"), '{ "type": "module" }\n');
  const { status, stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", typed], {
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([0, ""]);
});

it("its table has every wrapper, and no other", () => {
  const rows = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
  const { Wrapper } = proximal;
  const wrappers = Object.entries(proximal).filter(([, value]) => Object(value).prototype instanceof Wrapper);
  expect(rows.sort()).toEqual(wrappers.map(([name]) => name).sort());
});
