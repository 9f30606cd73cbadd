// The file from which training goes on as if it had never stopped: a header that says what was trained, and the states
// of its parts.

import { ConfigurationError } from "../base/errors.ts";
import { anyState, count } from "../base/ranges.ts";
import type { Bytes } from "../base/spec.ts";
import { fields, type Stateful, within } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { joinState, splitState } from "../io/state.ts";
import { type ObservationSpace, spaceFrom } from "../spaces/index.ts";
import { bytesOf, decodeFile, encodeFile } from "./file-format.ts";
import { type Hyperparameters, savedHyperparameters } from "./hyperparameters.ts";

/** Everything that lasts, by name. */
export type Parts = Readonly<Record<string, Stateful>>;

/** Those of the objects that have a state. */
export function stateful(objects: object): Parts {
  const isStateful = ([, object]: [string, Partial<Stateful>]) => object.state !== undefined;
  return Object.fromEntries(Object.entries(objects).filter(isStateful));
}

/** What a checkpoint was read as. */
export interface Checkpoint {
  readonly config: Hyperparameters;
  /**
   * Gives every part its state.
   * @throws FileFormatError naming the part and what is wrong with its state
   */
  restore(parts: Parts): void;
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

/**
 * Reads a checkpoint, for these environments, from its bytes or from a file.
 * @throws FileFormatError for what is not a whole checkpoint; ConfigurationError for one of other environments
 */
export async function readCheckpoint(checkpoint: string | Uint8Array, env: VectorEnv<unknown>): Promise<Checkpoint> {
  const { bytes, source } = await bytesOf("checkpoint", checkpoint);
  const { tensors, contents } = await decodeFile("checkpoint", bytes, source);
  const { config, states, ...saved } = within(source, () => {
    const header = fields(contents, {
      env: { kind: "text", none: true },
      numEnvs: count,
      ...{ observationSpace: anyState, actionSpace: anyState, config: anyState, state: anyState },
    });
    return {
      config: within("config", () => savedHyperparameters(header.config)),
      states: joinState({ json: header.state, tensors }),
      env: header.env,
      numEnvs: header.numEnvs,
      observationSpace: within("observationSpace", () => spaceFrom(header.observationSpace)),
      actionSpace: within("actionSpace", () => spaceFrom(header.actionSpace)),
    };
  });
  checkEnv(env, saved);
  return {
    config,
    restore(parts) {
      const ranges = Object.fromEntries(Object.keys(parts).map((name) => [name, anyState]));
      within(source, () => {
        const known = fields(states, ranges);
        for (const [name, part] of Object.entries(parts)) within(name, () => part.restore(known[name]));
      });
    },
  };
}

interface Trained {
  readonly env: string | null;
  readonly numEnvs: number;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: ObservationSpace;
}

function checkEnv(env: VectorEnv<unknown>, saved: Trained): void {
  const nameOf = (id: string | null | undefined) => id ?? "environments without an id";
  if (nameOf(saved.env) !== nameOf(env.spec?.id)) {
    throw new ConfigurationError(`env: the checkpoint is of ${nameOf(saved.env)}, not of ${nameOf(env.spec?.id)}`);
  }
  if (saved.numEnvs !== env.numEnvs) {
    throw new ConfigurationError(`numEnvs: the checkpoint has ${saved.numEnvs} environments, not ${env.numEnvs}`);
  }
  for (const [name, space, own] of [
    ["observation", saved.observationSpace, env.singleObservationSpace],
    ["action", saved.actionSpace, env.singleActionSpace],
  ] as const) {
    if (space.equals(own)) continue;
    const other = String(space) === String(own) ? `another ${own}` : own;
    throw new ConfigurationError(`env: the checkpoint has the ${name} space ${space}, the environments ${other}`);
  }
}
