// @ts-check
// `npm test`: as-pect in both kernel modules, vitest in Node, and vitest in real Chromium and Firefox, each in a
// process of its own. Ends with one line that adds all of them up. A runner that fails, crashes, hangs or runs no test
// fails the whole.
//   npm test -- NAME ...   runs only vitest in Node, with its filters and options

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser, pathVariable } from "./browsers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const inCI = ![undefined, "", "0", "false"].includes(process.env.CI);
const onWindows = process.platform === "win32";
/** More than any runner needs on a slow machine; one that takes longer hangs. */
const LIMIT_MINUTES = 40;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/**
 * @typedef {object} Runner
 * @property {string} name
 * @property {string[]} args of `node`, FILE being where it leaves its counts
 * @property {(file: string) => Counts} read
 */

/** @param {string} file @returns {Counts} */
const readAsPect = (file) => ({ skipped: 0, ...JSON.parse(readFileSync(file, "utf8")) });

/** @param {string} file @returns {Counts} */
function readVitest(file) {
  const report = JSON.parse(readFileSync(file, "utf8"));
  // A file that fails to load has no tests of its own to count.
  const broken = report.testResults.filter(
    (/** @type {any} */ result) =>
      result.status === "failed" &&
      !result.assertionResults.some((/** @type {any} */ test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {"strict" | "fma"} module @returns {Runner} */
const asPect = (module) => ({
  name: `as-pect, ${module} kernels`,
  args: ["tools/as-pect/run.mjs", module, "--counts", "FILE"],
  read: readAsPect,
});

/** @param {string} project @param {string} where @param {string[]} [filters] @returns {Runner} */
const vitest = (project, where, filters = []) => ({
  name: `vitest in ${where}`,
  args: [
    ...["node_modules/vitest/vitest.mjs", "run", "--project", project],
    ...["--reporter=default", "--reporter=json", "--outputFile.json=FILE", ...filters],
  ],
  read: readVitest,
});

/**
 * @param {Runner} runner
 * @param {string} folder for its counts
 * @returns {Promise<Counts & { problem?: string }>} problem: why it failed, where its own counts do not say so
 */
async function run({ name, args, read }, folder) {
  const file = join(folder, `${name}.json`);
  process.stdout.write(`\n--- ${name}\n`);
  const start = performance.now();
  const child = spawn(
    process.execPath,
    args.map((argument) => argument.replace(/\bFILE$/, file)),
    // A process group of its own, so that its workers and browsers end with it.
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], detached: !onWindows },
  );
  const stop = () => {
    if (onWindows || child.pid === undefined) child.kill();
    else process.kill(-child.pid, "SIGKILL");
  };
  let problem = "";
  const timer = setTimeout(() => {
    problem = `stopped after ${LIMIT_MINUTES} minutes`;
    stop();
  }, LIMIT_MINUTES * 60_000);
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    stop();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  await new Promise((resolve) => {
    child.on("error", (error) => {
      problem ||= error.message;
      resolve(undefined);
    });
    child.on("close", (code, signal) => {
      if (code !== 0) problem ||= signal ? `killed by ${signal}` : `exit code ${code}`;
      resolve(undefined);
    });
  });
  clearTimeout(timer);
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  const seconds = (performance.now() - start) / 1000;
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read(file);
    if (counts.passed + counts.failed === 0) problem ||= "no test ran";
  } catch {
    problem ||= "it left no counts";
  }
  process.stdout.write(`${name}: ${summary(counts)} in ${seconds.toFixed(1)} s\n`);
  if (counts.failed > 0 || problem === "") return counts;
  return { ...counts, failed: 1, problem };
}

/** @param {Counts} counts */
const summary = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

const filters = process.argv.slice(2);
const runners =
  filters.length > 0 ? [vitest("node", "Node", filters)] : [asPect("strict"), asPect("fma"), vitest("node", "Node")];
/** @type {string[]} what a person should read beside the total */
const notes = [];
const total = { passed: 0, failed: 0, skipped: 0 };

for (const browser of filters.length > 0 ? [] : /** @type {const} */ (["chromium", "firefox"])) {
  if (findBrowser(browser)) runners.push(vitest(browser, browser));
  else {
    const where = process.env[pathVariable(browser)]
      ? `as ${pathVariable(browser)} names it`
      : `on PATH (${pathVariable(browser)} can name it)`;
    notes.push(`${browser} was not found ${where}: its tests ${inCI ? "failed" : "were skipped"}`);
    if (inCI) total.failed++;
  }
}

const folder = mkdtempSync(join(tmpdir(), "proximal-test-"));
try {
  for (const runner of runners) {
    const { problem, ...counts } = await run(runner, folder);
    if (problem !== undefined) notes.push(`${runner.name} failed: ${problem}`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

process.stdout.write(`\n${notes.map((note) => `${note}\n`).join("")}${summary(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
