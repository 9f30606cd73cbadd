// A run while it trains.

import type { PPO } from "../../ppo/agent.ts";
import type { Iteration } from "../../ppo/metrics.ts";
import type { Evaluator } from "../evaluations.ts";
import type { RunConfig } from "../run-config.ts";
import type { RunWriter } from "../run-writer.ts";

/** A run that is ready to be trained. */
export interface Run {
  readonly agent: PPO;
  readonly writer: RunWriter;
  readonly config: RunConfig;
  /** Of a run with evaluations. */
  readonly evaluator: Evaluator | undefined;
  /** The iterations before this start, of a run that goes on. */
  readonly earlier: readonly Iteration[];
  /** What has to be said of how it goes on. */
  readonly notes: readonly string[];
}

/** Lets go of what a run holds. */
export function closeRun({ agent, writer, evaluator }: Run): void {
  writer.close();
  agent.env.close?.();
  evaluator?.close();
}
