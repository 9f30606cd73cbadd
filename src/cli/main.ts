// The command line. An error that a person can mend is one line and exit code 2; one of ours keeps its stack and exits
// with 1.

import { ConfigurationError, ProximalError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { environments } from "../envs/registry.ts";
import { checkEnvCommand, checkEnvironment } from "./check-env.ts";
import { envsCommand, listEnvironments } from "./environments.ts";
import { evalCommand, evaluateRun } from "./evaluate.ts";
import { exportCommand, exportPolicy } from "./export.ts";
import { registerFamilies } from "./families.ts";
import { type Arguments, type Command, helpOf, parseCommand, textOption } from "./options.ts";
import { packageVersion } from "./package-version.ts";
import { plot, plotCommand } from "./plot.ts";
import { presetsCommand, showPresets } from "./presets.ts";
import { printable } from "./text.ts";
import { train, trainCommand } from "./train.ts";
import { chosenPreset } from "./training/start.ts";
import { verify, verifyCommand } from "./verify.ts";
import { watch, watchCommand } from "./watch.ts";

const commands: readonly { readonly command: Command; readonly run: (args: Arguments) => Promise<number> }[] = [
  { command: trainCommand, run: train },
  { command: evalCommand, run: evaluateRun },
  { command: watchCommand, run: watch },
  { command: verifyCommand, run: verify },
  { command: plotCommand, run: plot },
  { command: exportCommand, run: exportPolicy },
  { command: envsCommand, run: listEnvironments },
  { command: checkEnvCommand, run: checkEnvironment },
  { command: presetsCommand, run: showPresets },
];

const overview = `Proximal Policy Optimization on hand-written WebAssembly kernels.

Usage: proximal <command> [options]

Commands:
${commands.map(({ command: { name, operands, summary } }) => `  ${`${name} ${operands}`.padEnd(16)}${summary}\n`).join("")}
Example:
  ${trainCommand.example}

proximal <command> --help shows the options of a command, proximal --version the version.
`;

/** What an environment that was named with `--help` is trained with. */
async function namedPreset(args: Arguments): Promise<Parameters<typeof helpOf>[1]> {
  const [id] = args.operands;
  registerFamilies();
  if (id === undefined || environments().every((spec) => spec.id !== id)) return undefined;
  const preset = textOption(args, "preset");
  const title = `as ${id} is trained${preset === undefined ? "" : ` with --preset ${preset}`}`;
  return { title, values: (await chosenPreset(args, id)).hyperparameters };
}

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    process.stdout.write(overview);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const entry = commands.find(({ command }) => command.name === name);
  if (entry === undefined) {
    throw new ConfigurationError(
      `unknown command "${name}"; ${suggestion(
        name,
        commands.map(({ command }) => command.name),
      )}`,
    );
  }
  const parsed = parseCommand(entry.command, rest);
  if (parsed.options.has("help")) {
    process.stdout.write(helpOf(entry.command, await namedPreset(parsed)));
    return 0;
  }
  return await entry.run(parsed);
}

// A reader that has seen enough, as in `proximal envs | head`, is no error, and no end of a training: that goes on
// without being seen.
let isUnseen = false;
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (code !== "EPIPE" && !isUnseen) process.stderr.write(`proximal: standard output: cannot be written (${code})\n`);
  isUnseen = true;
  if (process.argv[2] !== trainCommand.name) process.exit(code === "EPIPE" ? 0 : 2);
});

// What cannot be said cannot be said; the training and its exit code stay.
process.stderr.on("error", () => {});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ProximalError)) throw error;
  process.stderr.write(`proximal: ${printable(error.message)}\n`);
  process.exitCode = 2;
}
