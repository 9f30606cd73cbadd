// `proximal presets`: what environments are trained with here, and what other systems train with, side by side.

import { make } from "../envs/registry.ts";
import { stringify } from "../io/json.ts";
import { completeHyperparameters, type Hyperparameters } from "../ppo/hyperparameters.ts";
import { type Preset, presetFor } from "../ppo/presets.ts";
import { hasPreset, presetOf, type System, systemNames, type Task, taskOf, tasks } from "../ppo/system-presets.ts";
import { presetId, registerEnvironment } from "./families.ts";
import { type Arguments, type Command, expectOperands, optionName, optionText } from "./options.ts";
import { type SystemNotes, systemNotes } from "./systems.ts";
import { standardOutput, type Terminal } from "./terminal.ts";
import { wrapped } from "./text.ts";

export const presetsCommand: Command = {
  name: "presets",
  operands: "[env]",
  summary: "Shows what --preset stands for.",
  example: "proximal presets CartPole-v1",
  options: [{ flag: "json", meaning: "print one JSON object a line" }],
};

/** What one of them holds. */
interface Column {
  readonly name: string;
  readonly preset: Preset;
  /** By the names of options, what they would be given. */
  readonly cells: ReadonlyMap<string, string>;
}

/** Those for a kind of task. */
interface Table {
  readonly task: Task;
  readonly columns: readonly Column[];
}

export async function showPresets(args: Arguments): Promise<number> {
  expectOperands(presetsCommand, args, 0, 1);
  const [env] = args.operands;
  const shown = env === undefined ? tasks : [await taskOfEnvironment(env)];
  const tables = shown.map((task) => tableOf(task, env));
  const output = standardOutput();
  if (args.options.has("json")) for (const table of tables) writeJson(output, table);
  else writeTables(output, tables);
  return 0;
}

/** Of which kind an environment is. */
export async function taskOfEnvironment(name: string): Promise<Task> {
  const { id } = await registerEnvironment(name);
  const env = await make(id);
  try {
    return taskOf(env);
  } finally {
    env.close?.();
  }
}

function tableOf(task: Task, env: string | undefined): Table {
  const own = columnOf(env ?? "default", presetFor(presetId(env ?? "")));
  const systems = systemNames.filter((system) => hasPreset(system, task));
  return { task, columns: [own, ...systems.map((system) => columnOf(system, presetOf(system, task)))] };
}

function columnOf(name: string, preset: Preset): Column {
  const { numEnvs, totalSteps } = preset;
  const { numSteps, numMinibatches, ...others } = hyperparametersOf(preset);
  const minibatchSize = (numEnvs * numSteps) / numMinibatches;
  const rows = Object.entries({ totalSteps, numEnvs, numSteps, numMinibatches, minibatchSize, ...others });
  const cells = rows.map(
    ([row, value]) => [row === "minibatchSize" ? "= rows of each" : optionName(row), optionText(value)] as const,
  );
  return { name, preset, cells: new Map(cells) };
}

/** All of its hyper-parameters but those that are nobody's preset. */
function hyperparametersOf(preset: Preset): Omit<Hyperparameters, "seed" | "kernels"> {
  const { seed, kernels, ...complete } = completeHyperparameters(preset.hyperparameters);
  return complete;
}

function writeJson(output: Terminal, table: Table): void {
  for (const { name, preset } of table.columns) {
    const { numEnvs, totalSteps } = preset;
    const system = systemNames.find((other) => other === name);
    const said = { preset: name, task: table.task, numEnvs, totalSteps, hyperparameters: hyperparametersOf(preset) };
    output.write(`${stringify({ ...said, ...(system && notesOn(system, [table])) })}\n`);
  }
}

/** The rows in which columns differ, those that are the same in all, and what there is to know of each system. */
function writeTables(output: Terminal, tables: readonly Table[]): void {
  const columns = tables.flatMap((table) => table.columns);
  const { cells: first } = columns[0] as Column;
  const isSame = (row: string) => columns.every(({ cells }) => cells.get(row) === first.get(row));
  const rows = [...first.keys()];
  const texts = tables.map((table) =>
    textsOf(
      table,
      rows.filter((row) => !isSame(row)),
    ),
  );
  const all = texts.flat();
  for (const table of texts) {
    // The names are in one column throughout.
    const widest = (column: number) =>
      Math.max(...(column === 0 ? all : table).map((cells) => cells[column]?.length ?? 0));
    const lines = table.map((cells) => {
      const [name, ...values] = cells.map((cell, column) => cell.padEnd(widest(column)));
      return `${name} ${values.join("  ")}`.trimEnd();
    });
    output.write(`${output.style("bold", lines[0] as string)}\n${lines.slice(1).join("\n")}\n\n`);
  }
  const same = rows.filter(isSame).map((row) => `${row} ${first.get(row)}`);
  output.write(`The same in all:\n${wrapped("  ", `${same.join(",\n")}.`.split("\n"), widthOf(output))}`);
  for (const system of systemNames.filter((name) => columns.some((column) => column.name === name)))
    writeNotes(output, system, tables);
}

function writeNotes(output: Terminal, system: System, tables: readonly Table[]): void {
  const { title, source, notes } = notesOn(system, tables);
  const write = (first: string, text: string) => output.write(wrapped(first, text.split(" "), widthOf(output)));
  output.write(`\n${output.style("bold", `${system}: ${title}`)}\n`);
  write("  from ", source);
  for (const note of notes) write("  - ", note);
}

/** Longer lines are hard to read. */
function widthOf({ width }: Terminal): number {
  return Math.min(width, 100);
}

/** What there is to know of a system for these kinds of tasks. */
function notesOn(system: System, tables: readonly Table[]): SystemNotes {
  const { title, source, notes } = systemNotes[system];
  const others = tasks.filter((task) => tables.every((table) => table.task !== task));
  return { title, source, notes: notes.filter((note) => others.every((task) => !note.startsWith(`${task}:`))) };
}

/** The table in cells, its head first. */
function textsOf({ task, columns }: Table, rows: readonly string[]): readonly (readonly string[])[] {
  const head = [task, ...columns.map(({ name }) => name)];
  return [head, ...rows.map((row) => [row, ...columns.map(({ cells }) => cells.get(row) as string)])];
}
