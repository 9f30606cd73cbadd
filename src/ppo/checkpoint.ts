// The file from which training goes on as if it had never stopped: a header that says what was trained, and the states
// of its parts.

import type { Bytes } from "../base/spec.ts";
import type { Stateful } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { splitState } from "../io/state.ts";
import { encodeFile } from "./file-format.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

/** Everything that lasts, by name. */
export type Parts = Readonly<Record<string, Stateful>>;

/** Those of the objects that have a state. */
export function stateful(objects: object): Parts {
  const isStateful = ([, object]: [string, Partial<Stateful>]) => object.state !== undefined;
  return Object.fromEntries(Object.entries(objects).filter(isStateful));
}

/** The bytes of a checkpoint: a safetensors file. */
export function writeCheckpoint(config: Hyperparameters, env: VectorEnv<unknown>, parts: Parts): Bytes {
  const states = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.state()]));
  const { json, tensors } = splitState(states);
  const header = {
    env: env.spec?.id ?? null,
    numEnvs: env.numEnvs,
    observationSpace: env.singleObservationSpace.toJSON(),
    actionSpace: env.singleActionSpace.toJSON(),
    config,
  };
  return encodeFile("checkpoint", { ...header, state: json }, tensors);
}
