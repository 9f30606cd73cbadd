// @ts-check
// Compiles every assembly/__tests__/*.spec.ts and runs it under as-pect:
//   node tools/as-pect/run.mjs strict|fma [--counts FILE] [part of a spec's name ...]
// This drives as-pect's own TestContext. Its command line stops at the first spec that does not compile, passes a run
// in which no test ran, wants its files at the top of the repository, and brings a coverage tool that does not install.

import { readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import { TestContext } from "@as-pect/core";
import { instantiate } from "@assemblyscript/loader";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);

/**
 * Kernels own the first page of the memory (assembly/constants.ts): static data, stack and heap of a spec are above.
 */
const MEMORY_BASE = 4096;
const FEATURES = { strict: "simd", fma: "simd,relaxed-simd" };
const TEST = 0;

// Node 20 has relaxed SIMD behind a flag; from Node 22 on it is always there and the flag is unknown.
if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");

/** @param {string} line */
const print = (line) => void process.stdout.write(`${line}\n`);

/** Counts the tests of one spec and prints its failures, each with its groups' names. */
class Reporter {
  stdout = process.stdout;
  stderr = process.stderr;
  passed = 0;
  failed = 0;

  onEnter() {}

  /** @param {any} _context @param {any} node a test; or a group, which fails itself by a trap outside of its tests */
  onExit(_context, node) {
    if (node.pass) {
      if (node.type === TEST) this.passed++;
    } else if (node.children.every((/** @type {any} */ child) => child.pass || !child.ran)) {
      this.fail(`${nameOf(node)}${node.message ? `: ${node.message}` : ""}`);
      if (node.actual) print(`      actual:   ${node.actual.stringify({ indent: 6 }).trim()}`);
      if (node.expected) {
        const not = node.expected.negated ? "not " : "";
        print(`      expected: ${not}${node.expected.stringify({ indent: 6 }).trim()}`);
      }
      printStack(node.stackTrace);
    }
    for (const log of node.logs) print(`    log: ${log.stringify({ indent: 4 }).trim()}`);
  }

  /** @param {any} context */
  onFinish(context) {
    for (const error of [...context.errors, ...context.warnings]) {
      print(`    ${error.type}: ${error.message}`);
      printStack(error.stackTrace);
    }
    if (this.failed === 0 && !context.pass) this.fail("top level");
    if (this.failed === 0 && this.passed === 0) this.fail("no test ran");
  }

  /** @param {string} what */
  fail(what) {
    this.failed++;
    print(`  failed: ${what}`);
  }
}

/** @param {any} node @returns {string} */
const nameOf = (node) =>
  node.parent ? [...(node.parent.parent ? [nameOf(node.parent)] : []), node.name].join(" > ") : "top level";

/** @param {string | null | undefined} stack */
function printStack(stack) {
  const lines = (stack ?? "").split("\n").map((line) => line.trim());
  for (const line of lines.filter((line) => /wasm/i.test(line)).slice(0, 6)) print(`      ${line}`);
}

/** @param {string} spec @param {string} features @returns {Promise<Uint8Array | null>} null: it does not compile */
async function compile(spec, features) {
  /** @type {Map<string, any>} */
  const outputs = new Map();
  // A transform is named by its absolute path: asc takes any other for the name of a package.
  const options = [
    ...["--transform", join(root, "tools/as-pect/transform.mjs")],
    ...["--config", "none", "--enable", features, "--memoryBase", `${MEMORY_BASE}`],
    ...["--runtime", "incremental", "--exportRuntime", "--exportTable", "--exportStart", "_start", "--bindings", "raw"],
    ...["--optimizeLevel", "3", "--debug", "--disableWarning", "112", "--use", "RTRACE=1"],
    ...["--outFile", "spec.wasm"],
  ];
  const { error } = await asc.main([spec, "node_modules/@as-pect/assembly/assembly/index.ts", ...options], {
    writeFile: (name, contents) => void outputs.set(name, contents),
    stdout: process.stdout,
    stderr: process.stdout,
  });
  if (error) print(`${error}`);
  return error ? null : outputs.get("spec.wasm");
}

/** @param {string} spec @param {string} features */
async function run(spec, features) {
  const start = performance.now();
  const reporter = new Reporter();
  const binary = await compile(spec, features);
  const compiled = performance.now();
  if (binary) {
    const context = new TestContext({ fileName: spec, reporter, binary });
    context.run(await instantiate(binary, context.createImports({})));
  } else reporter.fail("it does not compile");
  const { passed, failed } = reporter;
  const times = `compiled in ${(compiled - start).toFixed(0)} ms, ran in ${(performance.now() - compiled).toFixed(0)} ms`;
  print(`${relative("assembly/__tests__", spec)}: ${passed} passed, ${failed} failed (${times})`);
  return reporter;
}

const [name = "", ...rest] = process.argv.slice(2);
if (name !== "strict" && name !== "fma") throw new Error(`as-pect: the module is "strict" or "fma", not "${name}"`);
const countsFile = rest[0] === "--counts" ? rest.splice(0, 2)[1] : undefined;
const specs = readdirSync("assembly/__tests__", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".spec.ts") && (rest.length === 0 || rest.some((part) => path.includes(part))))
  .sort();

const total = { passed: 0, failed: 0 };
for (const spec of specs) {
  const { passed, failed } = await run(`assembly/__tests__/${spec}`, FEATURES[name]);
  total.passed += passed;
  total.failed += failed;
}
if (specs.length === 0) {
  print("failed: no spec was found in assembly/__tests__");
  total.failed++;
}
if (countsFile) writeFileSync(countsFile, JSON.stringify(total));
else print(`${total.passed} passed, ${total.failed} failed`);
if (total.failed > 0) process.exitCode = 1;
