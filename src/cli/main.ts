// The command line. An error that a person can mend is one line and exit code 2; one of ours keeps its stack and exits with 1.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, ProximalError } from "../engine/errors.ts";
import { suggestion } from "../engine/nearest.ts";
import { envsCommand, listEnvironments } from "./environments.ts";
import { evalCommand, evaluate } from "./evaluate.ts";
import { type Arguments, type Command, helpOf, parseCommand } from "./options.ts";
import { plot, plotCommand } from "./plot.ts";
import { train, trainCommand } from "./train.ts";

const commands: readonly { readonly command: Command; readonly run: (args: Arguments) => Promise<number> }[] = [
  { command: trainCommand, run: train },
  { command: evalCommand, run: evaluate },
  { command: plotCommand, run: plot },
  { command: envsCommand, run: listEnvironments },
];

const overview = `Proximal Policy Optimization on hand-written WebAssembly kernels.

Usage: proximal <command> [options]

Commands:
${commands.map(({ command: { name, operands, summary } }) => `  ${`${name} ${operands}`.padEnd(16)}${summary}\n`).join("")}
Example:
  ${trainCommand.example}

proximal <command> --help shows the options of a command, proximal --version the version.
`;

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    process.stdout.write(overview);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    const text = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8");
    process.stdout.write(`${(JSON.parse(text) as { version: string }).version}\n`);
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
    process.stdout.write(helpOf(entry.command));
    return 0;
  }
  return await entry.run(parsed);
}

// A reader that has seen enough, as in `proximal train ... | head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ProximalError)) throw error;
  process.stderr.write(`proximal: ${error.message}\n`);
  process.exitCode = 2;
}
