// `proximal envs`: the environments that can be trained.

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
  for (const { id, rewardThreshold, maxEpisodeSteps } of environments()) {
    const env = await make(id);
    const observation = String(env.observationSpace);
    const action = String(env.actionSpace);
    env.close?.();
    if (args.options.has("json"))
      output.write(`${JSON.stringify({ id, observation, action, rewardThreshold, maxEpisodeSteps })}\n`);
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
