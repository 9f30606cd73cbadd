import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { docstrings, examples } from "../../tools/tidy/docstrings.mjs";
import { floors } from "../../tools/tidy/floors.mjs";
import { lineWidth } from "../../tools/tidy/line-width.mjs";
import { lowered, problemsOf } from "../../tools/tidy/ratchet.mjs";
import type { Rule } from "../../tools/tidy/tree.mjs";

const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** What a rule finds in a tree of these files, one line each. */
async function findings(rule: Rule, files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "proximal-tidy-"));
  trees.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  return (await rule(root)).map(({ path, line, wrong }) => `${path}:${line}: ${wrong}`);
}

describe("line width", () => {
  const lines = (...text: string[]) => ({ "src/wide.ts": `${text.join("\n")}\n` });

  it("finds comments and code beyond 120 columns", async () => {
    const sum = `const sum = ${Array.from({ length: 40 }, () => "1").join(" + ")};`;
    const found = await findings(
      lineWidth,
      lines("const ok = 1;", `// ${"word ".repeat(24)}`, `const text = ""; // ${"x".repeat(120)}`, sum),
    );
    expect(found).toEqual([
      "src/wide.ts:2: the line has 123 columns",
      "src/wide.ts:3: the line has 140 columns",
      `src/wide.ts:4: the line has ${sum.length} columns`,
    ]);
  });

  it("finds wide lines of Python, strings too", async () => {
    expect(await findings(lineWidth, { "tools/fit.py": `x = "${"a".repeat(120)}"\n` })).toHaveLength(1);
  });

  it("allows 120 columns, counted in characters, and literals that cross the edge", async () => {
    const allowed = lines(
      `// ${"x".repeat(117)}`,
      `// ${"\u{1d70b}".repeat(117)}`,
      `const long = "${"x".repeat(120)}";`,
      `const template = \`\${long} ${"x".repeat(120)}\`;`,
      `const comment = "// ${"x".repeat(120)}";`,
    );
    expect(await findings(lineWidth, { ...allowed, "docs/wide.ts": `// ${"x".repeat(120)}\n` })).toEqual([]);
  });
});

describe("imports upwards", () => {
  it("finds every kind of import of a higher floor, and a folder that is no floor", async () => {
    const found = await findings(floors, {
      "src/engine/engine.ts": 'import { x } from "../tensor/tensor.ts";\nexport type T = import("../nn/a.ts").A;\n',
      "src/envs/env.ts":
        '// of a policy\nimport type { A } from "../nn/a.ts";\nexport const a = () => import("../ppo/b.ts");\n',
      "src/base/errors.ts": 'export * from "../io/files.ts";\nexport { tool } from "../../tools/tool.mjs";\n',
      "src/index.ts": 'export * from "./cli/main.ts";\n',
      "src/extra/extra.ts": 'import "../base/errors.ts";\n',
    });
    expect(found).toEqual([
      "src/base/errors.ts:1: base imports io",
      "src/base/errors.ts:2: base imports tools/tool.mjs",
      "src/engine/engine.ts:1: engine imports tensor",
      "src/engine/engine.ts:2: engine imports nn",
      "src/envs/env.ts:2: envs imports nn",
      "src/envs/env.ts:3: envs imports ppo",
      "src/extra/extra.ts:1: extra imports base",
      "src/index.ts:1: index.ts imports cli",
    ]);
  });

  it("finds circles, of types too", async () => {
    const found = await findings(floors, {
      "src/nn/a.ts": 'import { b } from "./b.ts";\n',
      "src/nn/b.ts": 'import { c } from "./c.ts";\n',
      "src/nn/c.ts": '\nimport type { A } from "./a.ts";\n',
    });
    expect(found).toEqual(["src/nn/c.ts:2: a circle: src/nn/a.ts -> src/nn/b.ts -> src/nn/c.ts -> src/nn/a.ts"]);
  });

  it("finds floors that the README's map lacks, or has above what uses them", async () => {
    const found = await findings(floors, {
      "README.md": "```\nsrc/tensor/   tensors\nsrc/nn/       layers\nsrc/cli/\n```\n",
    });
    expect(found).toContain("README.md:1: the map has no src/envs/");
    expect(found.filter((line) => line.includes("above"))).toEqual([
      "README.md:3: tensor stands above nn, which uses it",
    ]);
  });

  it("allows what lies below, packages, and two ways to one file", async () => {
    const found = await findings(floors, {
      "src/base/errors.ts": 'import { join } from "node:path";\n',
      "src/engine/engine.ts": 'import { E } from "../base/errors.ts";\n// import "../cli/main.ts"\n',
      "src/tensor/tensor.ts": 'import { E } from "../base/errors.ts";\nimport { Engine } from "../engine/engine.ts";\n',
      "src/cli/main.ts": 'import * as all from "../index.ts";\n',
      "src/index.ts": 'export * from "./engine/engine.ts";\nexport type { Tensor } from "./tensor/tensor.ts";\n',
    });
    expect(found).toEqual([]);
  });
});

const shipped = (files: Record<string, string>, entry = ".") => ({
  "package.json": JSON.stringify({
    exports: { [entry]: { types: "./dist/index.d.ts" }, "./data.wasm": "./data.wasm" },
  }),
  ...files,
});

describe("names without a docstring", () => {
  it("finds names and members, wherever they are declared", async () => {
    const found = await findings(
      docstrings,
      shipped({
        "dist/index.d.ts": 'export * from "./a.ts";\nexport { hidden as shown } from "./b.js";\n',
        "dist/a.d.ts": [
          "// not a docstring",
          "export interface Shape extends Sized {",
          "    readonly width: number;",
          "    area(): number;",
          "    /** */",
          "    [Symbol.iterator](): Iterator<number>;",
          "}",
          "interface Sized { readonly size: number; }",
          "/** A class. */",
          "export declare class Square {",
          "    #private;",
          "    private secret;",
          "    /** In metres. */",
          "    readonly side: number;",
          "    static unit: Square;",
          "    constructor(side: number);",
          "    get double(): number;",
          "}",
          "/** An alias. */",
          "export type Pair = {",
          "    first: number;",
          "};",
        ].join("\n"),
        "dist/b.d.ts":
          "declare const hidden: number;\nexport { hidden };\n/** Alone. */\nexport declare const other: 1;\n",
      }),
    );
    const wrong = found.map((line) => line.replace(" has no docstring", ""));
    expect(wrong.sort()).toEqual([
      "dist/a.d.ts:15: Square.static unit",
      "dist/a.d.ts:16: Square.constructor",
      "dist/a.d.ts:17: Square.double",
      "dist/a.d.ts:21: Pair.first",
      "dist/a.d.ts:2: Shape",
      "dist/a.d.ts:3: Shape.width",
      "dist/a.d.ts:4: Shape.area",
      "dist/a.d.ts:6: Shape.iterator",
      "dist/a.d.ts:8: Sized",
      "dist/a.d.ts:8: Sized.size",
      "dist/b.d.ts:1: hidden",
    ]);
  });

  it("allows what a base documents, overloads, accessors, and what is not exported", async () => {
    const found = await findings(
      docstrings,
      shipped({
        "dist/index.d.ts": 'export { Circle, area } from "./circle.ts";\n',
        "dist/circle.d.ts": [
          'import type { Shape as Base } from "./shape.ts";',
          "/** A circle. */",
          "export declare class Circle extends Error implements Base {",
          "    readonly width: number;",
          "    constructor();",
          "    /** Of the radius. */",
          "    get radius(): number;",
          "    set radius(value: number);",
          "}",
          "/** Of one shape. */",
          "export declare function area(shape: Base): number;",
          "export declare function area(shapes: Base[]): number;",
          "export interface Unshipped { x: number; }",
        ].join("\n"),
        "dist/shape.d.ts":
          "/** A shape. */\nexport interface Shape {\n    /** In metres. */\n    readonly width: number;\n}\n",
      }),
    );
    expect(found).toEqual([]);
  });

  it("finds the members of types that are put together, and of those that are not exported themselves", async () => {
    const found = await findings(
      docstrings,
      shipped({
        "dist/index.d.ts": [
          'import type { Part } from "./part.ts";',
          "/** Two. */",
          "export type Pair = Readonly<Part> & {",
          "    second: Third[];",
          "};",
          "/** Not one. */",
          "interface Third { third: number; }",
          "/** Does it. */",
          "export declare function make(options: Options): void;",
          "/** How. */",
          "type Options = ({ fast: boolean } | { slow: boolean });",
          "/** Nobody is led to it. */",
          "interface Hidden { hidden: number; }",
        ].join("\n"),
        "dist/part.d.ts": "/** A part. */\nexport interface Part { first: number; }\n",
      }),
    );
    const wrong = found.map((line) => line.replace(" has no docstring", ""));
    expect(wrong.sort()).toEqual([
      "dist/index.d.ts:11: Options.fast",
      "dist/index.d.ts:11: Options.slow",
      "dist/index.d.ts:4: Pair.second",
      "dist/index.d.ts:7: Third.third",
      "dist/part.d.ts:2: Part.first",
    ]);
  });

  it("fails where it cannot find what an entry exports", async () => {
    const missing = shipped({ "dist/index.d.ts": 'export { gone } from "./a.ts";\n', "dist/a.d.ts": "export {};\n" });
    await expect(findings(async (root) => docstrings(root), missing)).rejects.toThrow("gone");
  });
});

describe("starting points without an example", () => {
  const adam = (docstring: string) =>
    shipped({ "dist/index.d.ts": `${docstring}\nexport declare class Adam {}\n` }, "./optim");

  it("finds those that have none, and those that do not exist", async () => {
    expect(await findings(examples, adam("/** Moves. */"))).toEqual(["dist/index.d.ts:2: Adam has no example"]);
    expect(await findings(examples, shipped({ "dist/index.d.ts": "export {};\n" }, "./optim"))).toEqual([
      "tools/tidy/starting-points.mjs:1: Adam is a starting point of ./optim that does not exist",
    ]);
  });

  it("allows those that have one", async () => {
    expect(await findings(examples, adam("/**\n * ```ts\n * adam.step();\n * ```\n */"))).toEqual([]);
  });
});

describe("ratchet", () => {
  it("fails above a limit, below it, and for a limit of no rule", () => {
    const problems = problemsOf(
      { more: 3, fewer: 1, same: 2, clean: 0, fresh: 1 },
      { more: 2, fewer: 2, same: 2, gone: 0 },
    );
    expect(problems.map(({ rule }) => rule)).toEqual(["more", "fewer", "fresh", "gone"]);
    expect(problems[1]?.problem).toContain("npm run check:tidy -- --lower");
  });

  it("lowers limits and never raises them", () => {
    expect(lowered({ more: 3, fewer: 1, fresh: 1 }, { more: 2, fewer: 2, gone: 4 })).toEqual({
      more: 2,
      fewer: 1,
      fresh: 0,
    });
  });
});
