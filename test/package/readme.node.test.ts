// The README: what it shows in TypeScript runs exactly as it is written there, each block in a process of its own.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Below the root, so that the package is found by its name, as whoever installs it finds it.
const folder = mkdtempSync(join(root, "build", "readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text as string);

describe("a block of the README runs as it is written", () => {
  it.each(
    blocks.map((text, index) => ({ index, first: text.split("\n").find((line) => !/^(import.*)?$/.test(line)), text })),
  )("$first", async ({ index, text }) => {
    const path = join(folder, `block${index}.mjs`);
    const { code } = await transformWithOxc(text, "block.ts", { sourcemap: false });
    writeFileSync(path, code);
    const { status, stderr } = spawnSync(process.execPath, [path], { cwd: folder, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("and there are some", () => {
    expect(blocks.length).toBeGreaterThan(3);
  });
});
