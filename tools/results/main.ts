// `npm run results`: trains what results/ has, publishes it there, and makes the page.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { at } from "../../bench/repository.ts";
import { publish } from "#cli/published-run";
import { SeedFolder } from "#cli/seed-folder";
import { report } from "./report.ts";
import { type Task, tasks } from "./tasks.ts";

const help = `Usage: npm run results -- [options] [task ...]

Trains tasks of results/ by several seeds, each as long as its row in tools/results/tasks.ts says, and publishes what
they come to in results/<task>/seed<seed>. The runs are in runs/results/<task>: what was interrupted goes on there.

Options:
  --seeds LIST   the seeds, as in 1-10 or 1,3; a number of them, as in 5, is 1-5 [5]
  --workers N    runs at once [as many as cores]
  --publish      publish the runs that have come to their end, and train nothing
  --report       make results/README.md and its pictures of what is published
  --list         the tasks, what is published of them, and what they take
  --help         show this
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "5" },
    workers: { type: "string" },
    publish: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const root = fileURLToPath(at("."));
