// config.json: everything that a run was started with, so that it can be read by people and started again.

import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { anyState, atLeastOne, boolean, count, shown } from "../base/ranges.ts";
import { fields, within } from "../base/state.ts";
import type { EnvSpec } from "../envs/env.ts";
import { parse, stringify } from "../io/json.ts";
import { stamped, unstamped } from "../ppo/file-format.ts";
import { type Hyperparameters, savedHyperparameters } from "../ppo/hyperparameters.ts";
import { packageVersion } from "./package-version.ts";

const versionRanges = {
  proximal: { kind: "text" },
  node: { kind: "text" },
  v8: { kind: "text" },
  platform: { kind: "text" },
} as const;

/** How the policies of a run are compared. */
export interface EvaluationPlan {
  /** Steps of all environments together from one evaluation to the next, taken up to whole iterations. */
  readonly every: number;
  readonly episodes: number;
}

/** Everything that a run was started with. */
export interface RunConfig {
  readonly env: string;
  readonly seed: number;
  readonly numEnvs: number;
  readonly totalSteps: number;
  /** Of a run that was made longer, the steps that it was to have before; what it has since is `totalSteps`. */
  readonly earlier?: readonly { readonly untilIteration: number; readonly totalSteps: number }[];
  /** Where policies are evaluated. */
  readonly evaluation?: EvaluationPlan;
  /** Where event files are written. */
  readonly tensorboard?: boolean;
  readonly hyperparameters: Hyperparameters;
  readonly versions: { readonly [name in keyof typeof versionRanges]: string } & {
    readonly requires?: string;
    readonly data?: string;
  };
}

/** What runs here, and what the environment stands on. */
export function versions({ requires, data }: Partial<EnvSpec> = {}): RunConfig["versions"] {
  const { node, v8 } = process.versions;
  const platform = `${process.platform}-${process.arch}`;
  return { proximal: packageVersion(), node, v8, platform, ...(requires && { requires }), ...(data && { data }) };
}

/** In one order, whichever they came in; what there is not is not written. */
export function encodeConfig(config: RunConfig): string {
  const { env, seed, numEnvs, totalSteps, earlier, evaluation, tensorboard, hyperparameters, versions } = config;
  const run = { env, seed, numEnvs, totalSteps, earlier, evaluation, tensorboard, hyperparameters, versions };
  return `${stringify(stamped("run", run), 2)}\n`;
}

/** @throws FileFormatError naming the field, its value and what would be right */
export function decodeConfig(text: string): RunConfig {
  const { earlier, evaluation, tensorboard, ...contents } = unstamped("run", parsed(text)).contents;
  const saved = fields(contents, {
    env: { kind: "text" },
    seed: count,
    ...{ numEnvs: atLeastOne, totalSteps: atLeastOne },
    ...{ hyperparameters: anyState, versions: anyState },
  });
  const config: RunConfig = {
    ...saved,
    ...(earlier !== undefined && { earlier: within("earlier", () => earlierOf(earlier)) }),
    ...(evaluation !== undefined && {
      evaluation: within("evaluation", () => fields(evaluation, { every: atLeastOne, episodes: atLeastOne })),
    }),
    ...(tensorboard !== undefined && fields({ tensorboard }, { tensorboard: boolean })),
    hyperparameters: within("hyperparameters", () => savedHyperparameters(saved.hyperparameters)),
    versions: within("versions", () => versionsOf(saved.versions)),
  };
  if (config.seed !== config.hyperparameters.seed)
    throw new FileFormatError(
      `seed: ${config.seed} is not that of the hyper-parameters, ${config.hyperparameters.seed}`,
    );
  return config;
}

function versionsOf(saved: unknown): RunConfig["versions"] {
  const { requires, data, ...others } = Object(saved) as Record<string, unknown>;
  return {
    ...fields(others, versionRanges),
    ...(requires !== undefined && fields({ requires }, { requires: { kind: "text" } })),
    ...(data !== undefined && fields({ data }, { data: { kind: "text" } })),
  };
}

function earlierOf(saved: unknown): RunConfig["earlier"] & object {
  if (!Array.isArray(saved)) throw new FileFormatError(`${shown(saved)} is not a list`);
  return saved.map((each) => fields(each, { untilIteration: atLeastOne, totalSteps: atLeastOne }));
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new FileFormatError("not JSON");
  }
}

/** A run that goes on after an iteration, to as many steps: what was trained for others keeps them. */
export function lengthened(run: RunConfig, totalSteps: number, iteration: number): RunConfig {
  const earlier = (run.earlier ?? []).filter(({ untilIteration }) => untilIteration < iteration);
  const isLast = earlier.length === (run.earlier ?? []).length;
  const before = isLast ? run.totalSteps : (run.earlier?.[earlier.length]?.totalSteps as number);
  if (iteration > 0 && before !== totalSteps) earlier.push({ untilIteration: iteration, totalSteps: before });
  const { earlier: _, ...rest } = run;
  return { ...rest, totalSteps, ...(earlier.length > 0 && { earlier }) };
}

/**
 * Checks that a checkpoint is of this run.
 * @throws ConfigurationError naming what differs
 */
export function checkSameRun(file: string, config: Hyperparameters, { hyperparameters }: RunConfig): void {
  for (const [name, own] of Object.entries(hyperparameters)) {
    const other = config[name as keyof Hyperparameters];
    if (String(other) === String(own)) continue;
    throw new ConfigurationError(`${file}: of another run: its ${name} is ${other}, that of config.json ${own}`);
  }
}
