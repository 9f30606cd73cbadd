// @ts-check
// A copy of the working tree in a temporary folder, in which one fault after the other is tried.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesOf } from "../tidy/tree.mjs";
import { withFault } from "./faults.mjs";

/** @typedef {import("./faults.mjs").Fault} Fault */

/**
 * Seconds. A fault may make a loop endless: tests that take longer than they do on a busy machine are stopped, and
 * count as those that caught it.
 */
const LIMIT = { named: 180, all: 900 };

/** What the build makes; as it is here, so that only what a fault changes is built again. */
const BUILT = ["build", "dist", "src/engine/generated"];

/** A tree of its own for faults. */
export class Tree {
  #root = mkdtempSync(join(tmpdir(), "proximal-mutate-"));
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /** @param {string} root of the tree to copy, built */
  constructor(root) {
    for (const path of filesOf(root, ["."], /./)) {
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      cpSync(join(root, path), join(this.#root, path));
    }
    for (const path of BUILT) cpSync(join(root, path), join(this.#root, path), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.#root, "node_modules"), "junction");
  }

  /** Stops what runs in it, and takes it away. */
  remove() {
    this.#stop();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /**
   * Who catches a fault: the tests that are named, and where they do not, all of them.
   * @param {Fault} fault
   * @param {boolean} onlyNamed leaves all of them out
   * @returns {Promise<string | undefined>} the test, as a person would call it; undefined: it survives
   */
  async catcherOf(fault, onlyNamed) {
    const path = join(this.#root, fault.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, withFault(fault, source));
    try {
      return (await this.failureOf(fault.tests, LIMIT.named)) ?? (onlyNamed ? undefined : await this.failureOf());
    } finally {
      writeFileSync(path, source);
      // What tests in Node see of the kernels is built; of everything else it is the source.
      if (fault.file.startsWith("assembly/")) await this.#run(["tools/build.mjs"], LIMIT.all);
    }
  }

  /**
   * The first test that fails.
   * @param {import("./faults.mjs").Tests} [named] some of them; without, all
   * @param {number} [limit] in seconds
   * @returns {Promise<string | undefined>}
   */
  async failureOf(named, limit = LIMIT.all) {
    const specs = (named?.files ?? []).filter((file) => file.startsWith("assembly/"));
    const files = (named?.files ?? []).filter((file) => !file.startsWith("assembly/"));
    if (specs.length > 0 || named === undefined) {
      for (const module of named === undefined ? ["strict", "fma"] : ["strict"]) {
        const names = specs.map((spec) => `${spec.slice("assembly/".length)}.spec`);
        const { code, output } = await this.#run(["tools/as-pect/run.mjs", module, ...names], limit);
        if (code !== 0) return failedSpec(output);
      }
    }
    if (named !== undefined && files.length === 0) return undefined;
    // Tests of the command line and of the package run what is built.
    if (named === undefined || files.some((file) => /^(cli|package)\//.test(file))) {
      const { code, output } = await this.#run(["tools/build.mjs"], LIMIT.all);
      if (code !== 0) throw new Error(`it does not build\n${output}`);
    }
    return this.#vitest([...files, ...(named?.pattern ? ["-t", named.pattern] : [])], limit);
  }

  /** @param {readonly string[]} args @param {number} limit @returns {Promise<string | undefined>} */
  async #vitest(args, limit) {
    const report = join(this.#root, "build/mutate.json");
    rmSync(report, { force: true });
    const options = ["run", "--project", "node", "--bail", "1", "--reporter=json", `--outputFile.json=${report}`];
    const { code } = await this.#run(["node_modules/vitest/vitest.mjs", ...options, ...args], limit);
    if (code === 0) return undefined;
    if (!existsSync(report)) return "tests that do not end";
    const { testResults } = JSON.parse(readFileSync(report, "utf8"));
    const broken = testResults.find((/** @type {any} */ { status }) => status === "failed");
    const failed = broken?.assertionResults.find((/** @type {any} */ { status }) => status === "failed");
    const file = broken?.name.slice(broken.name.lastIndexOf("/test/") + 1) ?? "vitest";
    return failed === undefined ? file : `${file}: ${failed.fullName}`;
  }

  /**
   * Runs a Node script in the tree.
   * @param {string[]} args
   * @param {number} limit in seconds
   * @returns {Promise<{ code: number | null, output: string }>} code: null where it was stopped
   */
  async #run(args, limit) {
    const options = { cwd: this.#root, detached: process.platform !== "win32" };
    const child = spawn(process.execPath, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    /** @type {string[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void output.push(String(text)));
    const timer = setTimeout(() => this.#stop(), 1000 * limit);
    const code = await new Promise((resolve) => child.on("close", resolve));
    clearTimeout(timer);
    this.#child = undefined;
    return { code, output: output.join("") };
  }

  /** With all that it has started. */
  #stop() {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    if (process.platform === "win32") this.#child?.kill();
    else process.kill(-pid, "SIGKILL");
  }
}

/** @param {string} output of tools/as-pect/run.mjs */
function failedSpec(output) {
  const spec = /^(\S+\.spec\.ts): \d+ passed, [1-9]/m.exec(output)?.[1];
  return spec === undefined
    ? "specs that do not end"
    : `assembly/__tests__/${spec}: ${/failed: (.*)/.exec(output)?.[1]}`;
}
