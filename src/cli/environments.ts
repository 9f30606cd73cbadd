// `proximal envs`: the environments that can be trained.

import { MissingPackageError, ProximalError } from "../base/errors.ts";
import type { EnvSpec } from "../envs/env.ts";
import { environments, make } from "../envs/registry.ts";
import { registerFamilies } from "./families.ts";
import { type Arguments, type Command, expectOperands } from "./options.ts";
import { standardOutput, type Terminal } from "./terminal.ts";

export const envsCommand: Command = {
  name: "envs",
  operands: "",
  summary: "Lists the environments, family by family, with what each needs.",
  example: "proximal envs",
  options: [{ flag: "json", meaning: "print one JSON object a line" }],
};

/** What is known of an environment, and its spaces where it can be made here. */
interface Row extends EnvSpec {
  readonly observation?: string;
  readonly action?: string;
  /** Whether the package that it needs is there; undefined where it needs none. */
  readonly installed?: boolean;
}

export async function listEnvironments(args: Arguments): Promise<number> {
  expectOperands(envsCommand, args, 0, 0);
  const output = standardOutput();
  registerFamilies();
  const rows: Row[] = [];
  for (const spec of environments()) {
    const row = await rowOf(spec);
    if (args.options.has("json")) output.write(`${JSON.stringify(inOrder(row))}\n`);
    rows.push(row);
  }
  if (!args.options.has("json")) writeTable(output, rows);
  return 0;
}

async function rowOf(spec: EnvSpec): Promise<Row> {
  const needs = spec.requires !== undefined;
  try {
    const env = await make(spec.id);
    const [observation, action] = [env.observationSpace, env.actionSpace].map(String) as [string, string];
    env.close?.();
    return { ...spec, observation, action, ...(needs && { installed: true }) };
  } catch (error) {
    // What lacks a package, a program or a file is listed all the same.
    if (!(error instanceof ProximalError)) throw error;
    return { ...spec, ...(needs && { installed: !(error instanceof MissingPackageError) }) };
  }
}

function inOrder({ id, family, requires, installed, observation, action, rewardThreshold, maxEpisodeSteps }: Row): Row {
  return { id, family, requires, installed, observation, action, rewardThreshold, maxEpisodeSteps } as Row;
}

/** What is named by what it stands on, and has no list: how, and what of. */
const named = [
  ["Gymnasium: in Python, with pip install gymnasium", "gymnasium:ALE/Pong-v5, gymnasium:PACKAGE:ID"],
  ["NATS-Bench: over a table of yours", "nats-bench:FILE#cifar10, #cifar100, #ImageNet16-120"],
  ["your own: a module of JavaScript", "./my-env.js"],
] as const;

function writeTable(output: Terminal, rows: readonly Row[]): void {
  const header = ["id", "observation", "action", "solved at", "time limit"];
  const cells = rows.map(({ id, observation, action, rewardThreshold, maxEpisodeSteps }) =>
    [id, observation, action, rewardThreshold, maxEpisodeSteps].map((cell) => String(cell ?? "-")),
  );
  const widths = header.map((name, column) =>
    Math.max(...[name, ...cells.map((row) => row[column] ?? "")].map(length)),
  );
  const line = (row: readonly string[]) =>
    `  ${row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd()}\n`;
  output.write(line(header));
  for (const title of new Set(rows.map(titleOf))) {
    output.write(`${output.style("bold", title)}\n`);
    for (const [index, row] of rows.entries()) if (titleOf(row) === title) output.write(line(cells[index] ?? []));
  }
  for (const [title, names] of named) output.write(`${output.style("bold", title)}\n  ${names}\n`);
}

/** Its family and what that needs: environments that agree in both stand together. */
function titleOf({ family = "others", requires, installed }: Row): string {
  if (requires === undefined) return family;
  return `${family}: ${installed ? `on ${requires}` : `npm install ${requires}`}`;
}

function length({ length }: string): number {
  return length;
}
