// config.json: everything that a run was started with, so that it can be read by people and started again.

import { ConfigurationError, FileFormatError } from "../base/errors.ts";
import { anyState, count } from "../base/ranges.ts";
import { fields, within } from "../base/state.ts";
import { findSpec } from "../envs/registry.ts";
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

/** Everything that a run was started with. */
export interface RunConfig {
  readonly env: string;
  readonly seed: number;
  readonly numEnvs: number;
  readonly totalSteps: number;
  readonly hyperparameters: Hyperparameters;
  readonly versions: { readonly [name in keyof typeof versionRanges]: string };
}

/** What runs here. */
export function versions(): RunConfig["versions"] {
  const { node, v8 } = process.versions;
  return { proximal: packageVersion(), node, v8, platform: `${process.platform}-${process.arch}` };
}

export function encodeConfig(config: RunConfig): string {
  return `${stringify(stamped("run", config), 2)}\n`;
}

/** @throws FileFormatError naming the field, its value and what would be right */
export function decodeConfig(text: string): RunConfig {
  const atLeastOne = { ...count, from: 1 } as const;
  const saved = fields(unstamped("run", parsed(text)).contents, {
    env: { kind: "text" },
    seed: count,
    ...{ numEnvs: atLeastOne, totalSteps: atLeastOne },
    ...{ hyperparameters: anyState, versions: anyState },
  });
  findSpec(saved.env);
  const config: RunConfig = {
    ...saved,
    hyperparameters: within("hyperparameters", () => savedHyperparameters(saved.hyperparameters)),
    versions: within("versions", () => fields(saved.versions, versionRanges)),
  };
  if (config.seed !== config.hyperparameters.seed)
    throw new FileFormatError(
      `seed: ${config.seed} is not that of the hyper-parameters, ${config.hyperparameters.seed}`,
    );
  return config;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new FileFormatError("not JSON");
  }
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
