// @ts-check
// Nothing in src/ imports upwards, and no file leads back to itself. An import of a type alone counts too: it ties two
// files together for whoever reads them. The map in the README has every floor, none above one that uses it.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { filesOf, lineAt } from "./tree.mjs";

/**
 * What is directly in src/, the lowest first, and what it may import besides its own files.
 * @type {Record<string, string[]>}
 */
const FLOORS = {
  base: [],
  engine: ["base"],
  io: ["base"],
  spaces: ["base", "engine"],
  tensor: ["base", "engine"],
  nn: ["base", "engine", "spaces", "tensor"],
  optim: ["base", "engine", "tensor", "nn"],
  envs: ["base", "engine", "spaces"],
  render: ["base", "envs"],
  ppo: ["base", "engine", "io", "spaces", "tensor", "nn", "optim", "envs"],
  policy: ["base", "engine", "io", "ppo"],
  onnx: ["base", "engine", "io", "tensor", "ppo"],
  worker: ["base", "engine", "io", "envs", "ppo"],
  "index.ts": ["base", "engine", "io", "spaces", "tensor", "nn", "optim", "envs", "ppo"],
  cli: [
    "base",
    "engine",
    "io",
    "spaces",
    "tensor",
    "nn",
    "optim",
    "envs",
    "render",
    "ppo",
    "policy",
    "onnx",
    "worker",
    "index.ts",
  ],
};

/** @typedef {{ from: string, to: string, line: number }} Import */

/** @type {import("./tree.mjs").Rule} */
export function floors(root) {
  const imports = filesOf(root, ["src"], /\.ts$/).flatMap((path) => importsOf(root, path));
  return [...imports.flatMap(upwards), ...cycles(imports), ...misplacedOnMap(root)];
}

/** @param {string} root @returns {import("./tree.mjs").Finding[]} */
function misplacedOnMap(root) {
  const path = "README.md";
  if (!existsSync(join(root, path))) return [];
  const text = readFileSync(join(root, path), "utf8");
  const rows = [...text.matchAll(/^src\/(\w+)\/ /gm)].map(({ 1: name = "", index }) => ({
    name,
    line: lineAt(text, index),
  }));
  const names = rows.map(({ name }) => name);
  const missing = Object.keys(FLOORS).filter((name) => !name.includes(".") && !names.includes(name));
  const upwards = rows.flatMap(({ name, line }, at) => {
    const above = names.slice(0, at).filter((other) => FLOORS[name]?.includes(other));
    return above.map((other) => ({
      path,
      line,
      wrong: `${other} stands above ${name}, which uses it`,
      right: "swap them",
    }));
  });
  return [
    ...missing.map((name) => ({ path, line: 1, wrong: `the map has no src/${name}/`, right: "a row" })),
    ...upwards,
  ];
}

/**
 * @param {string} root
 * @param {string} from a file
 * @returns {Import[]} the files that it imports, in whatever way
 */
function importsOf(root, from) {
  const text = readFileSync(join(root, from), "utf8");
  /** @type {Import[]} */
  const imports = [];
  const note = (/** @type {any} */ { source, start }) => {
    if (!source?.value?.startsWith(".")) return;
    imports.push({ from, to: posix.join(dirname(from), source.value), line: lineAt(text, start) });
  };
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression: note,
    TSImportType: note,
  }).visit(parseSync(from, text).program);
  return imports;
}

/** @param {string} path @returns {string} the floor of a file; of one outside src/ that path, which is no floor */
const floorOf = (path) => (path.startsWith("src/") ? (path.split("/")[1] ?? "") : path);

/** @param {Import} edge @returns {import("./tree.mjs").Finding[]} */
function upwards({ from, to, line }) {
  const [own, other] = [floorOf(from), floorOf(to)];
  const allowed = FLOORS[own];
  if (own === other || allowed?.includes(other)) return [];
  const right =
    allowed === undefined
      ? `a line of its own for ${own} in FLOORS of tools/tidy/floors.mjs`
      : `${own} may import ${allowed.join(", ") || "nothing"}`;
  return [{ path: from, line, wrong: `${own} imports ${other}`, right }];
}

/** @param {Import[]} imports @returns {import("./tree.mjs").Finding[]} what leads back to itself */
function cycles(imports) {
  /** @type {import("./tree.mjs").Finding[]} */
  const findings = [];
  /** @type {string[]} the files on the way to the one that is looked at */
  const way = [];
  const finished = new Set();
  const follow = (/** @type {string} */ file) => {
    way.push(file);
    for (const { to, line } of imports.filter(({ from }) => from === file)) {
      if (way.includes(to)) {
        const circle = [...way.slice(way.indexOf(to)), to].join(" -> ");
        findings.push({ path: file, line, wrong: `a circle: ${circle}`, right: "what both need in a file of its own" });
      } else if (!finished.has(to)) follow(to);
    }
    way.pop();
    finished.add(file);
  };
  for (const { from } of imports) if (!finished.has(from)) follow(from);
  return findings;
}
