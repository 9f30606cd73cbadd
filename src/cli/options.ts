// The options of the command line: how they are read, and how `--help` shows them. Those of the hyper-parameters come from their table.

import { parseArgs } from "node:util";
import { ConfigurationError } from "../engine/errors.ts";
import { suggestion } from "../engine/nearest.ts";
import { checkSetting, type Hyperparameters, hyperparameters, type Setting } from "../ppo/hyperparameters.ts";

/** An option of a command. Without `value` it is a flag. */
export interface Option {
  readonly flag: string;
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

/** `gaeLambda` -> `gae-lambda` */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const placeholders = { number: "X", integer: "N", sizes: "N,N", choice: "", boolean: "" } as const;

/** The options that a table of hyper-parameters makes, `seed` and `kernels` included. */
export const hyperparameterOptions: readonly Option[] = Object.entries(hyperparameters).map(
  ([name, { default: fallback, setting, meaning }]) => {
    const value = setting.kind === "choice" ? setting.choices.join("|") : placeholders[setting.kind];
    const flag = setting.kind === "boolean" ? `[no-]${kebabCase(name)}` : kebabCase(name);
    const shown =
      fallback === null ? "none" : setting.kind === "boolean" ? (fallback ? "yes" : "no") : String(fallback);
    return { flag, ...(value !== "" && { value }), meaning, fallback: shown };
  },
);

/**
 * Reads what follows a command's name.
 * @throws ConfigurationError for an option that does not exist, lacks its value, or has one that it cannot have
 */
export function parseCommand(command: Command, args: readonly string[]): Arguments {
  const settings = command.hyperparameters ? hyperparameterSettings() : new Map<string, never>();
  const own = new Map(command.options.map((option) => [option.flag, option]));
  const known = [...own.keys(), ...settings.keys(), "help"];
  const { tokens } = parseArgs({
    args: [...args],
    tokens: true,
    strict: false,
    allowPositionals: true,
    options: Object.fromEntries(
      known.map((flag) => {
        const isFlag = own.has(flag) ? own.get(flag)?.value === undefined : isSwitch(settings.get(flag)?.setting);
        return [flag, { type: isFlag || flag === "help" ? "boolean" : "string" }] as const;
      }),
    ),
  });
  const operands: string[] = [];
  const options = new Map<string, string | true>();
  const given: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const { name, value } = token;
    const entry = settings.get(name);
    if (!known.includes(name)) {
      throw new ConfigurationError(
        `unknown option ${token.rawName}; ${suggestion(
          token.rawName,
          known.map((flag) => `--${flag}`),
        )}`,
      );
    }
    const isFlag = name === "help" || (own.has(name) ? own.get(name)?.value === undefined : isSwitch(entry?.setting));
    if (!isFlag && (value === undefined || value === "")) throw new ConfigurationError(`--${name}: it needs a value`);
    if (isFlag && value !== undefined)
      throw new ConfigurationError(`--${name}: it takes no value, and was given "${value}"`);
    if (entry === undefined) options.set(name, value ?? true);
    else {
      const read = isSwitch(entry.setting) ? !entry.negated : readValue(entry.setting, value as string);
      checkSetting(`--${name}`, entry.setting, read);
      given[entry.name] = read;
    }
  }
  return { operands, options, hyperparameters: given as Partial<Hyperparameters> };
}

/** The integer given for an option; undefined where it was not given. */
export function integerOption(args: Arguments, flag: string, least: number): number | undefined {
  const text = args.options.get(flag);
  if (text === undefined) return undefined;
  const setting = { kind: "integer", from: least, to: Number.MAX_SAFE_INTEGER } as const;
  const value = readValue(setting, String(text));
  checkSetting(`--${flag}`, setting, value);
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

/** What `proximal <command> --help` prints. */
export function helpOf(command: Command): string {
  const sections = [
    `${command.summary}\n`,
    `Usage: proximal ${[command.name, command.operands, "[options]"].filter(Boolean).join(" ")}\n`,
    `Example:\n  ${command.example}\n`,
    `Options:\n${table([...command.options, { flag: "help", meaning: "show this" }])}`,
  ];
  if (command.hyperparameters)
    sections.push(
      `\nHyper-parameters (an environment's preset goes before these defaults):\n${table(hyperparameterOptions)}`,
    );
  return sections.join("\n");
}

function table(options: readonly Option[]): string {
  const left = options.map(({ flag, value }) => `--${flag}${value === undefined ? "" : ` ${value}`}`);
  const width = Math.max(...left.map((text) => text.length));
  return options
    .map(({ meaning, fallback }, row) => {
      const suffix = fallback === undefined ? "" : ` [${fallback}]`;
      return `  ${(left[row] as string).padEnd(width)}  ${meaning}${suffix}\n`;
    })
    .join("");
}

interface Entry {
  readonly name: string;
  readonly setting: Setting;
  /** Whether it is the `--no-` form of a boolean. */
  readonly negated: boolean;
}

function hyperparameterSettings(): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [name, { setting }] of Object.entries(hyperparameters)) {
    entries.set(kebabCase(name), { name, setting, negated: false });
    if (setting.kind === "boolean") entries.set(`no-${kebabCase(name)}`, { name, setting, negated: true });
  }
  return entries;
}

function isSwitch(setting: Setting | undefined): boolean {
  return setting?.kind === "boolean";
}

/** What a text says; the text itself where it says nothing that the setting could be. */
function readValue(setting: Setting, text: string): unknown {
  switch (setting.kind) {
    case "sizes":
      if (text === "none") return [];
      return asNumbers(text.split(",")) ?? text;
    case "number":
    case "integer":
      if (text === "none" && setting.none) return null;
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
