// The declarations in the projects of those who install the package: checked whole (skipLibCheck: false), in each way
// to resolve modules, with the DOM's types and with neither those nor Node's.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proximal-types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  const installed = join(folder, "node_modules/proximal");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  symlinkSync(join(root, "dist"), join(installed, "dist"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  cpSync(join(root, "test/package/consumers/use.ts"), join(folder, "use.ts"));
});

const ways = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];
const libraries = [["es2022"], ["es2022", "dom"]];

it.each(ways.flatMap((way) => libraries.map((lib) => ({ ...way, lib }))))(
  "compile for $moduleResolution with $lib",
  ({ lib, ...way }) => {
    const checks = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [], noEmit: true };
    const compilerOptions = { ...way, ...checks, target: "es2022", lib, preserveSymlinks: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  },
);
