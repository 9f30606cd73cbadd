// What a sweep tries: settings of one environment, each by several seeds of which no result is reported.

import { Engine, PCG64, presetFor } from "proximal";
import { ConfigurationError, FileFormatError } from "../../../src/base/errors.ts";
import { anyState, atLeastOne, checkValue, count, shown } from "../../../src/base/ranges.ts";
import { fields, within } from "../../../src/base/state.ts";
import { registerEnvironment } from "../../../src/cli/families.ts";
import { seedsOf } from "../../../src/cli/pool/seeds.ts";
import { completeHyperparameters, type Hyperparameters } from "../../../src/ppo/hyperparameters.ts";

/** Environments side by side, and hyper-parameters. */
export type Setting = Partial<Hyperparameters> & { readonly numEnvs?: number };

/** What trainings differ from. */
export type Base = Setting & { readonly numEnvs: number };

export interface Plan {
  readonly env: string;
  /** Over which learning rates and deviations are annealed. */
  readonly totalSteps: number;
  /** The steps after which returns are noted, in order; a trial ends with the last. */
  readonly at: readonly number[];
  /** In order. */
  readonly seeds: readonly number[];
  /** What all settings have that the environment's preset has not. */
  readonly common: Setting;
  /** Each in what it differs in from that. */
  readonly settings: readonly Setting[];
}

/** Settings that are drawn: each name takes one of its values, each as likely. */
interface Draw {
  /** How many. */
  readonly count: number;
  /** Of the random numbers. */
  readonly seed: number;
  readonly among: Readonly<Record<string, readonly unknown[]>>;
}

/** Results are reported of seeds below it. */
const FIRST_SEED = 101;
/** Draws in a row that were all there already: there are hardly any others. */
const MOST_REPEATS = 1000;

/**
 * The plan in the text of a file.
 * @throws FileFormatError for what is none, and for settings that no training takes; UnknownEnvironmentError and
 * MissingPackageError as `proximal train`
 */
export async function readPlan(text: string): Promise<Plan> {
  const { common, settings, draw, ...given } = { ...NOTHING, ...(parsed(text) as object) };
  const { env, totalSteps, at, seeds } = fields(given, {
    env: { kind: "text" },
    totalSteps: atLeastOne,
    at: { kind: "sizes" },
    seeds: { kind: "text" },
  });
  checkSteps(at, totalSteps);
  const own = within("seeds", () => seedsOf(seeds));
  if ((own[0] as number) < FIRST_SEED)
    throw new FileFormatError(`seeds: ${own[0]} is of those that are reported; sweeps have ${FIRST_SEED} and above`);
  const { id } = await registerEnvironment(env);
  checkSetting("common", common);
  if (!Array.isArray(settings)) throw new FileFormatError(`settings: ${shown(settings)} is no list`);
  for (const [index, setting] of settings.entries()) checkSetting(`settings[${index}]`, setting);
  const all: Setting[] = [...settings, ...(draw === undefined ? [] : await drawn(draw))];
  if (all.length === 0) throw new FileFormatError("settings: there are none, and none are drawn");
  const names = all.map(keyOf);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0 && twice < settings.length) throw new FileFormatError(`settings[${twice}]: it is there twice`);
  const isNew = (_: Setting, index: number) => names.indexOf(names[index] as string) === index;
  return { env: id, totalSteps, at, seeds: own, common, settings: all.filter(isNew) };
}

/** What a plan may leave out. */
const NOTHING = { common: {}, settings: [], draw: undefined } as const;

/** By which a setting is known, in whatever order its names stand. */
export function keyOf(setting: Setting): string {
  return JSON.stringify(Object.fromEntries(Object.entries(setting).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FileFormatError("not JSON");
  }
}

function checkSteps(at: readonly number[], totalSteps: number): void {
  const wrong = at.findIndex((steps, index) => steps <= (at[index - 1] ?? 0) || steps > totalSteps);
  if (at.length > 0 && wrong < 0) return;
  const found = at.length === 0 ? "there are none" : `${at[wrong]} is out of order or beyond totalSteps`;
  throw new FileFormatError(`at: ${found}; it has the steps at which returns are noted, as [100000, 300000]`);
}

/** @throws FileFormatError for what a training would refuse */
function checkSetting(place: string, setting: unknown): void {
  within(place, () => {
    if (typeof setting !== "object" || setting === null || Array.isArray(setting))
      throw new FileFormatError(`${shown(setting)} is no setting, as { "learningRate": 0.001 }`);
    const { numEnvs, ...hyperparameters } = setting as Setting;
    if (numEnvs !== undefined) checkValue("numEnvs", atLeastOne, numEnvs);
    if (hyperparameters.seed !== undefined) throw new ConfigurationError("seed: a plan has seeds of its own");
    completeHyperparameters(hyperparameters);
  });
}

async function drawn(draw: unknown): Promise<Setting[]> {
  const { count: wanted, seed, among } = within("draw", () => fields(draw, DRAW)) as Draw;
  const names = Object.entries(Object(among)) as [string, readonly unknown[]][];
  if (names.length === 0) throw new FileFormatError("draw: among names nothing");
  for (const [name, values] of names) {
    if (!Array.isArray(values) || values.length === 0)
      throw new FileFormatError(`draw: among ${name}: ${shown(values)} is no list of values`);
    for (const value of values) checkSetting(`draw: among ${name}`, { [name]: value });
  }
  const random = new PCG64(await Engine.create(), seed);
  const settings = new Map<string, Setting>();
  for (let repeats = 0; settings.size < wanted && repeats < MOST_REPEATS; repeats++) {
    const setting: Setting = Object.fromEntries(
      names.map(([name, values]) => [name, values[random.integer(values.length)]]),
    );
    if (settings.has(keyOf(setting))) continue;
    settings.set(keyOf(setting), setting);
    repeats = -1;
  }
  if (settings.size < wanted)
    throw new FileFormatError(`draw: count: there are no ${wanted} settings to draw, but ${settings.size}`);
  return [...settings.values()];
}

const DRAW = { count: atLeastOne, seed: count, among: anyState } as const;

/** What the settings of a plan differ from, complete: presets and defaults may change. */
export function baseOf({ env, common }: Plan): Base {
  const preset = presetFor(env);
  const { numEnvs = preset.numEnvs, ...hyperparameters } = common;
  const { seed: _, ...complete } = completeHyperparameters({ ...preset.hyperparameters, ...hyperparameters });
  return { numEnvs, ...complete };
}
