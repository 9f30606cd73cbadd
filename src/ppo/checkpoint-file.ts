// The file of a checkpoint, read: a part of its own, which a page that never goes on from one never loads.

import { ConfigurationError } from "../base/errors.ts";
import { anyState, count } from "../base/ranges.ts";
import { fields, within } from "../base/state.ts";
import type { VectorEnv } from "../envs/vector-env.ts";
import { joinState } from "../io/state.ts";
import { spaceFrom } from "../spaces/from-json.ts";
import type { ObservationSpace } from "../spaces/space.ts";
import type { Parts } from "./checkpoint.ts";
import { bytesOf, decodeFile } from "./file-format.ts";
import { type Hyperparameters, savedHyperparameters } from "./hyperparameters.ts";

/** What a checkpoint was read as. */
export interface Checkpoint {
  readonly config: Hyperparameters;
  /**
   * Gives every part its state.
   * @throws FileFormatError naming the part and what is wrong with its state
   */
  restore(parts: Parts): void;
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
