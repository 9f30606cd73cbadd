// `proximal envs`: the environments that can be trained.

import { MissingPackageError } from "../base/errors.ts";
import { environments, make } from "../envs/registry.ts";
import { registerFamilies } from "./families.ts";
import { type Arguments, type Command, expectOperands } from "./options.ts";
import { standardOutput } from "./terminal.ts";

export const envsCommand: Command = {
  name: "envs",
  operands: "",
  summary: "Lists the environments.",
  example: "proximal envs",
  options: [{ flag: "json", meaning: "print one JSON object a line" }],
};

export async function listEnvironments(args: Arguments): Promise<number> {
  expectOperands(envsCommand, args, 0, 0);
  const output = standardOutput();
  const rows: string[][] = [["id", "observation", "action", "solved at", "time limit"]];
  registerFamilies();
  for (const { id, rewardThreshold, maxEpisodeSteps, requires } of environments()) {
    const spaces = await spacesOf(id);
    const [observation, action] = spaces ?? [`needs ${requires}`, "-"];
    if (args.options.has("json")) {
      const known = spaces ? { observation, action } : { requires };
      output.write(`${JSON.stringify({ id, ...known, rewardThreshold, maxEpisodeSteps })}\n`);
    }
    rows.push([id, observation, action, String(rewardThreshold ?? "-"), String(maxEpisodeSteps ?? "-")]);
  }
  if (args.options.has("json")) return 0;
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length))) ?? [];
  for (const row of rows)
    output.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join("  ")
        .trimEnd()}\n`,
    );
  return 0;
}

/** Its observation space and its action space, unless the package that it needs is not installed. */
async function spacesOf(id: string): Promise<readonly [observation: string, action: string] | undefined> {
  try {
    const env = await make(id);
    env.close?.();
    return [String(env.observationSpace), String(env.actionSpace)];
  } catch (error) {
    if (error instanceof MissingPackageError) return undefined;
    throw error;
  }
}
