// The file from which training goes on as if it had never stopped: parameters and moments as tensors, the rest as JSON in the metadata.
// Doubles survive JSON exactly: it prints the shortest digits that read back as the same number.

import type { StreamState } from "../engine/random.ts";
import type { JsonValue } from "../envs/env.ts";
import { readFile } from "../io/files.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { Adam, AdamState } from "../optim/adam.ts";
import { describeFile, readDescription } from "./description.ts";
import type { EpisodeState } from "./episodes.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

export interface TrainingState {
  readonly config: Hyperparameters;
  readonly numEnvs: number;
  readonly iteration: number;
  readonly totalSteps: number;
  readonly optimizer: AdamState;
  readonly sampling: StreamState;
  readonly shuffling: StreamState;
  readonly episodes: EpisodeState;
  readonly env: JsonValue;
}

const FIRST_MOMENT = "adam.firstMoment.";
const SECOND_MOMENT = "adam.secondMoment.";

export function writeCheckpoint(
  state: TrainingState,
  parameters: Parameters,
  optimizer: Adam,
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors({
    tensors: [
      ...parameters.named(parameters.values),
      ...parameters.named(optimizer.firstMoment, FIRST_MOMENT),
      ...parameters.named(optimizer.secondMoment, SECOND_MOMENT),
    ],
    metadata: describeFile("checkpoint", state),
  });
}

/** Reads a checkpoint from its bytes or from a file; `load` copies its tensors into an agent's. */
export async function readCheckpoint(checkpoint: string | Uint8Array): Promise<{
  state: TrainingState;
  load: (parameters: Parameters, optimizer: Adam) => void;
}> {
  const source = typeof checkpoint === "string" ? checkpoint : "checkpoint";
  const bytes = typeof checkpoint === "string" ? await readFile(checkpoint) : checkpoint;
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  const state = readDescription<TrainingState>("checkpoint", metadata, source);
  const load = (parameters: Parameters, optimizer: Adam): void => {
    parameters.load(parameters.values, tensors, source);
    parameters.load(optimizer.firstMoment, tensors, source, FIRST_MOMENT);
    parameters.load(optimizer.secondMoment, tensors, source, SECOND_MOMENT);
    optimizer.restore(state.optimizer);
  };
  return { state, load };
}
