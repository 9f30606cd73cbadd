// Runs the built command line as a user does, in an empty folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../bin/proximal.js", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder, with `run` in it; `remove` takes it away. */
export function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), "proximal-cli-"));
  const start = (args: readonly string[]): ChildProcess => spawn(process.execPath, [program, ...args], { cwd: path });
  return {
    path,
    start,
    /** In a group of processes of its own, as a terminal starts one. */
    startGroup: (args: readonly string[]) => spawn(process.execPath, [program, ...args], { cwd: path, detached: true }),
    /** How the program is called from there, as it says itself. */
    called: `node ${relative(realpathSync(path), program)}`,
    run: (...args: string[]) => finished(start(args)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export async function finished(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (text) => (stdout += text));
  child.stderr?.on("data", (text) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

/** The JSON objects of a text, one a line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
