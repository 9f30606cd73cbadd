// result.json: what a run has come to, in figures. It is written whenever a training ends in order, interrupted ones
// too, so that nothing has to be trained, and no policy loaded, to know it.

import { FileFormatError } from "../base/errors.ts";
import { anyState, atLeastOne, boolean, count, type FieldRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { parse, stringify } from "../io/json.ts";
import type { PPO } from "../ppo/agent.ts";
import { stamped, unstamped } from "../ppo/file-format.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { checksumOf } from "./checksum.ts";
import type { Evaluator } from "./evaluations.ts";
import { figure, figureOrNull } from "./metrics-file.ts";
import type { RunConfig } from "./run-config.ts";

/** What a run has come to, whoever trains it. */
export interface Outcome {
  readonly env: string;
  readonly seed: number;
  readonly steps: number;
  /** Over the last 100 training episodes; null where none has ended. */
  readonly meanReturn: number | null;
  readonly solvedAtStep: number | null;
  /** SHA-256 of the final parameters' bytes, in the order of the policy's file. */
  readonly checksum: string;
  readonly kernels: string;
  /** Of the best evaluation and when that was, in a run with evaluations; null before the first. */
  readonly bestMeanReturn?: number | null;
  readonly bestAtStep?: number | null;
  /** What has come of the environments beside returns, where they say so. */
  readonly outcome?: ReturnType<NonNullable<VectorEnv["outcome"]>>;
}

export interface Result extends Outcome {
  /** Spent on training: by this process where it is printed, by all that ended in order where it is saved. */
  readonly seconds: number;
  /** Of those seconds. */
  readonly stepsPerSecond: number;
}

/** A result as the file has it. */
export interface SavedResult extends Result {
  /** Of a published run, whose metrics are those of some iterations, with some of their figures. */
  readonly thinned?: boolean;
}

/** What a run has come to with its last iteration. */
export function outcomeOf(config: RunConfig, agent: PPO, last?: Iteration, evaluator?: Evaluator): Outcome {
  const { meanReturn = Number.NaN, solvedAtStep = null } = last ?? {};
  const { best } = evaluator ?? {};
  return {
    env: config.env,
    seed: config.seed,
    steps: agent.steps,
    meanReturn: Number.isFinite(meanReturn) ? meanReturn : null,
    solvedAtStep,
    checksum: checksumOf(agent.policy),
    kernels: agent.config.kernels,
    ...(evaluator && { bestMeanReturn: best?.meanReturn ?? null, bestAtStep: best?.steps ?? null }),
    ...(agent.env.outcome && { outcome: agent.env.outcome() }),
  };
}

export function encodeResult(result: SavedResult): string {
  return `${stringify(stamped("result", result), 2)}\n`;
}

const required = {
  ...{ env: { kind: "text" }, seed: count, steps: count, meanReturn: figureOrNull },
  ...{ solvedAtStep: { ...count, none: true }, checksum: { kind: "text" }, kernels: { kind: "text" } },
  ...{ seconds: { ...figure, from: 0 }, stepsPerSecond: { ...figure, from: 0 } },
} as const satisfies Readonly<Record<string, FieldRange>>;

const optional = {
  ...{ bestMeanReturn: figureOrNull, bestAtStep: { ...atLeastOne, none: true }, outcome: anyState, thinned: boolean },
} as const satisfies Readonly<Record<string, FieldRange>>;

/** @throws FileFormatError naming the field, its value and what would be right */
export function decodeResult(text: string): SavedResult {
  const { contents } = unstamped("result", parsed(text));
  const given = Object.entries(optional).filter(([name]) => contents[name] !== undefined);
  return fields(contents, { ...required, ...Object.fromEntries(given) }) as unknown as SavedResult;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new FileFormatError("not JSON");
  }
}
