// The file of a policy, read: a part of its own, which a page that only learns never loads.

import { FileFormatError } from "../base/errors.ts";
import { anyState, shown } from "../base/ranges.ts";
import { fields, within } from "../base/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { KernelVariant } from "../engine/kernel-instance.ts";
import { makersFor } from "../nn/makers.ts";
import { spaceFrom } from "../spaces/from-json.ts";
import type { ObservationSpace, Space } from "../spaces/space.ts";
import { ActorCritic } from "./actor-critic.ts";
import { chosenEngine } from "./engine-choice.ts";
import { bytesOf, type Contents, decodeFile } from "./file-format.ts";
import { completeHyperparameters, type Hyperparameters } from "./hyperparameters.ts";
import type { PolicyChoice } from "./policy.ts";

/**
 * The policy of a class that `toBytes` gave.
 * @param newEngine what makes an engine where none is given
 */
export async function readPolicy<P>(
  PolicyClass: new (actorCritic: ActorCritic, config: Hyperparameters) => P,
  policy: string | Uint8Array,
  choice: PolicyChoice,
  newEngine: (kernels: KernelVariant) => Promise<Engine>,
): Promise<P> {
  const { bytes, source } = await bytesOf("policy", policy);
  const { tensors, ...about } = await decodeFile("policy", bytes, source);
  const { observationSpace, actionSpace, config } = within(source, () => readAbout(about));
  const engine = await chosenEngine(source, choice, config.kernels, newEngine, ["network"]);
  const makers = await makersFor(actionSpace, config);
  return within(source, () => {
    const saved = Object.fromEntries(tensors.map(({ name, ...tensor }) => [name, tensor]));
    const networks = { weights: saved, network: choice.network };
    return new PolicyClass(new ActorCritic(engine, observationSpace, actionSpace, config, makers, networks), config);
  });
}

/** What a policy's file holds beside the parameters. */
function readAbout({ version, contents }: Contents): {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;
  readonly config: Hyperparameters;
} {
  const saved = fields(contents, { observationSpace: anyState, actionSpace: anyState, config: anyState });
  // In version 1 every Box was of float32, and did not say so.
  const spaceOf = (json: unknown) =>
    spaceFrom(version === 1 && Object(json).type === "Box" ? { dtype: "float32", ...Object(json) } : json);
  return {
    observationSpace: within("observationSpace", () => spaceOf(saved.observationSpace)),
    // One for observations only has no head, and is refused by that.
    actionSpace: within("actionSpace", () => spaceOf(saved.actionSpace) as Space),
    // An older version may lack a hyper-parameter, which then had no effect: as its default has none.
    config: within("config", () =>
      completeHyperparameters(version < 3 ? renewed(saved.config) : fieldsOf(saved.config)),
    ),
  };
}

/** A configuration as it was up to version 2, in which advantages were normalised in each minibatch or not at all. */
function renewed(saved: unknown): object {
  const { normalizeAdvantages, ...config } = fieldsOf(saved) as { readonly normalizeAdvantages?: unknown };
  if (typeof normalizeAdvantages !== "boolean") return fieldsOf(saved);
  return { ...config, normalizeAdvantages: normalizeAdvantages ? "minibatch" : "none" };
}

function fieldsOf(value: unknown): object {
  if (typeof value !== "object" || value === null) throw new FileFormatError(`${shown(value)} is not a configuration`);
  return value;
}
