// @ts-check
// `npm run check:tidy`: what a reader may rely on everywhere, held by rules that each are one file beside this one. A
// rule returns what it finds; limits.json says how many findings are still accepted, and that number only falls
// (ratchet.mjs).
//   npm run check:tidy               fails where a count is not its limit, and lists the findings that are too many
//   npm run check:tidy -- --all      lists every finding
//   npm run check:tidy -- --lower    writes the lower counts into limits.json

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { staleFaults } from "../mutate/faults.mjs";
import { deadCode, testedOnly } from "./dead-code.mjs";
import { docstrings, examples } from "./docstrings.mjs";
import { floors } from "./floors.mjs";
import { lineWidth } from "./line-width.mjs";
import { longFunctions } from "./long-functions.mjs";
import { lowered, problemsOf } from "./ratchet.mjs";

/** @type {Record<string, import("./tree.mjs").Rule>} */
const RULES = {
  "dead code": deadCode,
  "code that only tests use": testedOnly,
  "long functions": longFunctions,
  "line width": lineWidth,
  "imports upwards": floors,
  "names without a docstring": docstrings,
  "starting points without an example": examples,
  "faults that no longer apply": staleFaults,
};

/** @typedef {import("./tree.mjs").Finding} Finding */

/** @param {Finding} a @param {Finding} b */
const byPlace = (a, b) => a.path.localeCompare(b.path) || a.line - b.line;

const root = fileURLToPath(new URL("../..", import.meta.url));
const limitsFile = new URL("limits.json", import.meta.url);
const { values } = parseArgs({ options: { all: { type: "boolean" }, lower: { type: "boolean" } } });

const found = await Promise.all(
  Object.entries(RULES).map(async ([rule, find]) => ({ rule, findings: (await find(root)).sort(byPlace) })),
);
const counts = Object.fromEntries(found.map(({ rule, findings }) => [rule, findings.length]));

/** @type {import("./ratchet.mjs").Counts} */
let limits = JSON.parse(readFileSync(limitsFile, "utf8"));
if (values.lower) {
  limits = lowered(counts, limits);
  writeFileSync(limitsFile, `${JSON.stringify(limits, null, 2)}\n`);
}

for (const { rule, findings } of found) {
  if (!values.all && findings.length <= (limits[rule] ?? 0)) continue;
  for (const { path, line, wrong, right } of findings)
    process.stdout.write(`${path}:${line}: ${wrong}; ${right} (${rule})\n`);
}
for (const [rule, count] of Object.entries(counts)) process.stdout.write(`${rule}: ${count}\n`);
const problems = problemsOf(counts, limits);
for (const { rule, problem } of problems) process.stderr.write(`proximal: tidy: ${rule}: ${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
