// @ts-check
// `npm run mutate`: how much the tests would notice. Small faults from a list are put into a copy of the tree, one at a
// time, and the tests run on each: first those that the list names for it, then all that run in Node, and the specs of
// the kernels. Who catches each is written to score.json, in the repository, so that a change of it is seen.
//
//   npm run mutate                        all faults: an hour or two on two cores
//   npm run mutate -- adam "ppo/policy"   those whose file or name has one of these in it
//   npm run mutate -- --named             only with the tests that are named, in minutes; what survives is not recorded
//   npm run mutate -- --untried           those that the record does not have
//   npm run mutate -- --jobs 4            four at a time; tests that measure time may then fail by themselves
//   npm run mutate -- --check             runs nothing: whether every fault still applies, as check:tidy does
//
// The list is in faults/, and faults.mjs says how it is written. Who moves code moves its faults along; who mends a
// mistake adds it to the list; who finds a survivor gives it a test, or makes it impossible.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nameOf, readFaults, staleFaults } from "./faults.mjs";
import { catchersOf, SURVIVED, scoreOf } from "./score.mjs";
import { Tree } from "./tree.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const record = new URL("score.json", import.meta.url);
const print = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ check: { type: "boolean" }, named: { type: "boolean" }, untried: { type: "boolean" } },
    jobs: { type: "string", default: "1" },
  },
});
const jobs = Number(values.jobs);
if (!Number.isSafeInteger(jobs) || jobs < 1) throw new Error(`--jobs: ${values.jobs} is not an integer of at least 1`);

const stale = staleFaults(root);
for (const { path, line, wrong } of stale) print(`${path}:${line}: ${wrong}`);
if (stale.length > 0) process.exitCode = 1;
else if (values.check) print(`${readFaults(root).length} faults apply`);
else await run();

async function run() {
  const all = readFaults(root);
  const catchers = existsSync(record) ? catchersOf(JSON.parse(readFileSync(record, "utf8"))) : {};
  const chosen = all.filter((fault) => {
    const name = nameOf(fault);
    if (fault.equivalent !== "" || (values.untried && catchers[name] !== undefined)) return false;
    return positionals.length === 0 || positionals.some((part) => name.includes(part));
  });
  const trees = Array.from({ length: Math.min(jobs, Math.max(1, chosen.length)) }, () => new Tree(root));
  const remove = () => trees.map((tree) => tree.remove());
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

  // A test that fails without a fault would catch every one of them.
  const files = [...new Set(chosen.flatMap(({ tests }) => tests.files))];
  const broken = chosen.length > 0 && (await trees[0]?.failureOf(values.named ? { files, pattern: "" } : undefined));
  if (broken) throw new Error(`it fails without a fault: ${broken}`);

  let survived = 0;
  const rest = [...chosen];
  const work = async (/** @type {Tree} */ tree) => {
    for (let fault = rest.shift(); fault !== undefined; fault = rest.shift()) {
      const start = performance.now();
      const catcher = await tree.catcherOf(fault, values.named === true);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      if (catcher === undefined) survived++;
      print(`${catcher === undefined ? "survived" : "caught  "} ${nameOf(fault)} (${seconds} s) ${catcher ?? ""}`);
      if (catcher === undefined && values.named) continue;
      catchers[nameOf(fault)] = catcher?.replace(/:.*/s, "") ?? SURVIVED;
      // After each, so that a run that is stopped has not run for nothing.
      writeFileSync(record, `${JSON.stringify(scoreOf(all, catchers), null, 2)}\n`);
    }
  };
  await Promise.all(trees.map(work));
  print(`${chosen.length - survived} of ${chosen.length} caught`);
  print(`the list: ${JSON.stringify(scoreOf(all, catchers).counts)}, ${scoreOf(all, catchers).score}`);
}
