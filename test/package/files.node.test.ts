// What is in the package: everything that is there is reached from an entry, and everything that is reached is there.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const { stdout } = spawnSync(npm, ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" });
const packed: string[] = [JSON.parse(stdout)].flat()[0].files.map(({ path }: { path: string }) => path);

/** The files that are reached from some by what `next` finds in each. */
function reached(from: readonly string[], next: (path: string) => string[]): string[] {
  const found = new Set(from);
  for (const path of found) for (const other of next(path)) found.add(other);
  return [...found].sort();
}

const imported = /(?:from|import\(?)\s*"(\.[^"]+)"/g;
const importsOf = (path: string) => [...read(path).matchAll(imported)].map(([, to]) => join(path, "..", to as string));
const entries: { types?: string; default: string }[] = Object.values(manifest.exports).map((entry) =>
  typeof entry === "string" ? { default: entry } : (entry as { types: string; default: string }),
);
const inPackage = (name: RegExp) => packed.filter((path) => name.test(path)).sort();

it("has the JavaScript that its entries and its command import, and no more", () => {
  const roots = entries.map((entry) => join(entry.default)).filter((path) => path.endsWith(".js"));
  expect(inPackage(/\.js$/)).toEqual(reached([...roots, manifest.bin.proximal], importsOf));
});

it("has the declarations that its entries lead to, with the sources to which an editor goes from them", () => {
  const roots = entries.flatMap(({ types }) => (types === undefined ? [] : [join(types)]));
  const declarations = reached(roots, (path) => importsOf(path).map((to) => to.replace(/\.[jt]s$/, ".d.ts")));
  expect(inPackage(/\.d\.ts$/)).toEqual(declarations);
  for (const map of inPackage(/\.d\.ts\.map$/)) {
    for (const source of JSON.parse(read(map)).sources) expect(packed).toContain(join(map, "..", source));
  }
});

it("has every entry, the kernels, and nothing of the tests or of the build", () => {
  for (const entry of entries) expect(packed).toContain(join(entry.default));
  expect(packed).toContain(join(manifest.main));
  expect(inPackage(/^(test|tools|assembly|build)\/|tsconfig|\.test\./)).toEqual([]);
  expect(inPackage(/^(?!dist\/|src\/|docs\/|bench\/results\/)/)).toEqual(
    ["CHANGELOG.md", "LICENSE", "README.md", "bin/proximal.js", "package.json"].sort(),
  );
  const shown = [...read("README.md").matchAll(/\((bench\/[^)]+)\)/g)].map(([, path]) => path);
  expect(inPackage(/^bench\//)).toEqual(shown.sort());
});

it("has whatever its pages link to", () => {
  const dangling = inPackage(/\.md$/).flatMap((page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)];
    const targets = links.map(([, to]) => join(dirname(page), to as string));
    return targets.filter((to) => !packed.some((path) => path === to)).map((to) => `${page}: ${to}`);
  });
  expect(dangling).toEqual([]);
  const headings = [...read("README.md").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text.toLowerCase());
  const anchors = headings.map((text) => text.replace(/[^\w -]/g, "").replaceAll(" ", "-"));
  for (const [, anchor] of read("README.md").matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

it("names one floor of engines, in the README, in package.json and in the error", () => {
  const floor = "Node 20.19, Chrome 94, Firefox 93, Safari 16.4";
  expect(read("README.md").replace(/\s+/g, " ")).toContain(floor);
  expect(read("src/engine/modules.ts")).toContain(floor);
  expect(manifest.engines.node).toBe(">=20.19");
});
