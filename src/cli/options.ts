// The options of the command line: how they are read, and how `--help` shows them. Those of the hyper-parameters come
// from their table.

import { parseArgs } from "node:util";
import { ConfigurationError } from "../base/errors.ts";
import { suggestion } from "../base/nearest.ts";
import { checkValue, type OptionRange } from "../base/ranges.ts";
import { type Hyperparameters, hyperparameters } from "../ppo/hyperparameters.ts";
import { meanings } from "./meanings.ts";

/** An option of a command. Without `value` it is a flag. */
interface Option {
  readonly flag: string;
  /** A shorter name that means the same. */
  readonly alias?: string;
  /** What stands for its value in the help, as in `--seed N`. */
  readonly value?: string;
  readonly meaning: string;
  /** What holds when it is not given, for the help. */
  readonly fallback?: string;
}

export interface Command {
  readonly name: string;
  /** What follows the name, as in `<env>`. */
  readonly operands: string;
  readonly summary: string;
  readonly example: string;
  readonly options: readonly Option[];
  /** Whether it takes every hyper-parameter as an option as well. */
  readonly hyperparameters?: boolean;
}

export interface Arguments {
  readonly operands: readonly string[];
  /** The text given for each option, true for a flag. */
  readonly options: ReadonlyMap<string, string | true>;
  readonly hyperparameters: Partial<Hyperparameters>;
}

/** What a name on the command line stands for. */
interface Entry {
  /** Of the option or the hyper-parameter. */
  readonly name: string;
  /** Whether it has no value. */
  readonly isFlag: boolean;
  /** Of a hyper-parameter. */
  readonly range?: OptionRange;
  /** Whether it is the `--no-` form of a boolean. */
  readonly negated?: boolean;
}

/** `gaeLambda` -> `gae-lambda` */
export function optionName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Every name that a command takes. */
function entriesOf(command: Command): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>([["help", { name: "help", isFlag: true }]]);
  for (const { flag, alias, value } of command.options) {
    const entry = { name: flag, isFlag: value === undefined };
    for (const name of [flag, ...(alias === undefined ? [] : [alias])]) entries.set(name, entry);
  }
  if (command.hyperparameters !== true) return entries;
  for (const [name, { range }] of Object.entries(hyperparameters)) {
    const isFlag = range.kind === "boolean";
    entries.set(optionName(name), { name, isFlag, range });
    if (isFlag) entries.set(`no-${optionName(name)}`, { name, isFlag, range, negated: true });
  }
  return entries;
}

/**
 * Reads what follows a command's name.
 * @throws ConfigurationError for an option that does not exist, lacks its value, or has one that it cannot have
 */
export function parseCommand(command: Command, args: readonly string[]): Arguments {
  const entries = entriesOf(command);
  const { tokens } = parseArgs({
    args: [...args],
    tokens: true,
    strict: false,
    allowPositionals: true,
    options: Object.fromEntries(
      [...entries].map(([flag, { isFlag }]) => [flag, { type: isFlag ? "boolean" : "string" }] as const),
    ),
  });
  const operands: string[] = [];
  const options = new Map<string, string | true>();
  const given: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const { name: flag, rawName, value } = token;
    const entry = entries.get(flag);
    if (entry === undefined) {
      const known = [...entries.keys()].map((name) => `--${name}`);
      throw new ConfigurationError(`unknown option ${rawName}; ${suggestion(rawName, known)}`);
    }
    const { name, isFlag, range, negated } = entry;
    if (!isFlag && (value === undefined || value === "")) throw new ConfigurationError(`--${flag}: it needs a value`);
    if (isFlag && value !== undefined)
      throw new ConfigurationError(`--${flag}: it takes no value, and was given "${value}"`);
    if (range === undefined) options.set(name, value ?? true);
    else {
      const read = isFlag ? negated !== true : readValue(range, value as string);
      checkValue(`--${flag}`, range, read);
      given[name] = read;
    }
  }
  return { operands, options, hyperparameters: given as Partial<Hyperparameters> };
}

/** The integer given for an option; undefined where it was not given. */
export function integerOption(args: Arguments, flag: string, least: number): number | undefined {
  const text = args.options.get(flag);
  if (text === undefined) return undefined;
  const range = { kind: "integer", from: least, to: Number.MAX_SAFE_INTEGER } as const;
  const value = readValue(range, String(text));
  checkValue(`--${flag}`, range, value);
  return value as number;
}

/** The text given for an option; undefined where it was not given. */
export function textOption(args: Arguments, flag: string): string | undefined {
  const text = args.options.get(flag);
  return text === undefined ? undefined : String(text);
}

/** @throws ConfigurationError unless there are as many operands as that */
export function expectOperands(command: Command, args: Arguments, least: number, most: number): void {
  const { length } = args.operands;
  if (length >= least && length <= most) return;
  const usage = `proximal ${command.name} ${command.operands}`.trimEnd();
  if (length < least) throw new ConfigurationError(`${command.name}: ${command.operands} is missing, as in: ${usage}`);
  throw new ConfigurationError(`${command.name}: "${args.operands[most]}" is one too many, as in: ${usage}`);
}

/**
 * What `proximal <command> --help` prints.
 * @param preset what goes before the defaults of the hyper-parameters, and for what, where an environment was named
 */
export function helpOf(
  command: Command,
  preset?: { readonly title: string; readonly values: Partial<Hyperparameters> },
): string {
  const sections = [
    `${command.summary}\n`,
    `Usage: proximal ${[command.name, command.operands, "[options]"].filter(Boolean).join(" ")}\n`,
    `Example:\n  ${command.example}\n`,
    `Options:\n${table([...command.options, { flag: "help", meaning: "show this" }])}`,
  ];
  if (command.hyperparameters) {
    const title = preset?.title ?? "an environment's preset goes before these defaults";
    sections.push(`\nHyper-parameters (${title}):\n${table(hyperparameterOptions(preset?.values ?? {}))}`);
  }
  return sections.join("\n");
}

const placeholders = { number: "X", integer: "N", sizes: "N,N", choice: "", boolean: "" } as const;

/** The options that the table of hyper-parameters makes, `seed` and `kernels` included. */
function hyperparameterOptions(preset: Partial<Hyperparameters>): readonly Option[] {
  return Object.entries(hyperparameters).map(([name, { default: fallback, range }]) => {
    const value = range.kind === "choice" ? range.choices.join("|") : placeholders[range.kind];
    const flag = range.kind === "boolean" ? `[no-]${optionName(name)}` : optionName(name);
    const holds = preset[name as keyof Hyperparameters] ?? fallback;
    const meaning = meanings[name as keyof Hyperparameters];
    return { flag, ...(value !== "" && { value }), meaning, fallback: optionText(holds) };
  });
}

/** What a hyper-parameter is, as one would write it for its option; yes or no for one that is a flag. */
export function optionText(value: unknown): string {
  if (value === null) return "none";
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function table(options: readonly Option[]): string {
  const left = options.map(({ flag, alias, value }) => {
    const names = alias === undefined ? `--${flag}` : `--${flag}, --${alias}`;
    return value === undefined ? names : `${names} ${value}`;
  });
  const width = Math.max(...left.map((text) => text.length));
  return options
    .map(({ meaning, fallback }, row) => {
      const suffix = fallback === undefined ? "" : ` [${fallback}]`;
      return `  ${(left[row] as string).padEnd(width)}  ${meaning}${suffix}\n`;
    })
    .join("");
}

/** What a text says; the text itself where it says nothing that the range could hold. */
function readValue(range: OptionRange, text: string): unknown {
  switch (range.kind) {
    case "sizes":
      if (text === "none") return [];
      return asNumbers(text.split(",")) ?? text;
    case "number":
    case "integer":
      if (text === "none" && range.none) return null;
      return asNumbers([text])?.[0] ?? text;
    default:
      return text;
  }
}

/** Undefined where one of them is no number. */
function asNumbers(texts: readonly string[]): number[] | undefined {
  const numbers = texts.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  return numbers.some(Number.isNaN) ? undefined : numbers;
}
