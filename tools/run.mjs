// @ts-check
// Runs a script of bench/, test/ or tools/results/. They are TypeScript, which the lowest Node that package.json admits
// does not read: what is out of date of the package and of the scripts is built first.
//   node tools/run.mjs bench/main.ts [argument ...]

import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, buildScripts, root, runMain, SetupError } from "./build.mjs";

const source = relative(root, resolve(process.argv[2] ?? ""));
const script = join(root, "build/scripts", source.replace(/\.ts$/, ".js"));
await runMain(async () => {
  await build();
  await buildScripts();
  if (!source.endsWith(".ts") || !existsSync(script))
    throw new SetupError(`"${source}" is no script of bench/, test/ or tools/results/`);
});
if (process.exitCode === undefined) {
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(script).href);
}
