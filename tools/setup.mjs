// @ts-check
// What `npm start`, `npm test` and `npm run bench` do first: check Node, install the dependencies, build. Each step is
// skipped where its result is current, so that a second run costs a few milliseconds and needs no network. Only Node's
// built-ins are used, since nothing else is there yet. Progress goes to stderr: stdout belongs to the command that
// follows.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The lowest Node that package.json admits. */
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const needed = manifest.engines.node.replace(/[^\d.]/g, "");
const [major = 0, minor = 0] = needed.split(".").map(Number);
const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  process.stderr.write(`proximal: needs Node ${needed} or newer; this is Node ${process.versions.node}\n`);
  process.exit(1);
}

const { build, report, root, runMain, SetupError } = await import("./build.mjs");

function install() {
  const stamp = join(root, "node_modules/.package-lock.sha256");
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  report("installing the dependencies (npm ci)");
  // npm names its own entry point to the scripts it runs; outside of npm it has to be found by its name.
  const [command, ...before] = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const options = [
    "--include=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
  ];
  const result = spawnSync(command, [...before, "ci", ...options], {
    cwd: root,
    encoding: "utf8",
    shell: command === "npm" && process.platform === "win32",
  });
  if (result.status !== 0) {
    const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trimEnd();
    throw new SetupError(
      `npm ci failed (${result.error?.message ?? result.signal ?? `exit ${result.status}`})\n${output}`,
    );
  }
  writeFileSync(stamp, hash);
  return true;
}

await runMain(async () => {
  const start = performance.now();
  const installed = install();
  const built = await build();
  if (installed || built) report(`ready after ${((performance.now() - start) / 1000).toFixed(1)} s`);
});
