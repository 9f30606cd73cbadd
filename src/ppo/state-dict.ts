// The weights of a policy as PyTorch keeps them: the state dicts of CleanRL and Stable-Baselines3, whose networks are
// those of this library under other names. A linear layer of PyTorch has weights [outputs, inputs].

import { FileFormatError } from "../base/errors.ts";
import { checkValue, shown } from "../base/ranges.ts";
import { dataTypeOf, formatShape, type NamedTensor, sizeOf } from "../base/spec.ts";
import { fields } from "../base/state.ts";
import type { Weights } from "./weights.ts";

/** How a library names what it learns. In a `Sequential`, an activation stands between two layers: 0, 2, 4, ... */
interface Convention {
  /** What comes before ".weight" and ".bias" of a layer, of which the last may have a place of its own. */
  layer(network: "actor" | "critic", layer: number, isLast: boolean, isContinuous: boolean): string;
  /** The log standard deviations. */
  readonly logStd: string;
  /** Their shape for so many. */
  logStdShape(size: number): readonly number[];
}

const conventions = {
  /** The `Agent` of ppo.py, and of ppo_continuous_action.py where actions are those of a Box. */
  cleanrl: {
    layer: (network, layer, _, isContinuous) =>
      `${network === "actor" && isContinuous ? "actor_mean" : network}.${2 * layer}`,
    logStd: "actor_logstd",
    logStdShape: (size) => [1, size],
  },
  /** `PPO("MlpPolicy", env).policy`. */
  "stable-baselines3": {
    layer: (network, layer, isLast) => {
      if (isLast) return network === "actor" ? "action_net" : "value_net";
      return `mlp_extractor.${network === "actor" ? "policy_net" : "value_net"}.${2 * layer}`;
    },
    logStd: "log_std",
    logStdShape: (size) => [size],
  },
} as const satisfies Readonly<Record<string, Convention>>;

/** Whose names a state dict has. */
export type StateDictConvention = keyof typeof conventions;

/** A parameter here and there; what is no `weight` has the same elements in both. */
interface Entry {
  readonly ours: string;
  readonly theirs: string;
}

/**
 * The weights in a state dict of PyTorch, as `decodeSafetensors` reads what Python's
 * `safetensors.torch.save_file(agent.state_dict(), path)` wrote; `policyFrom` and `PPO.create` take them. Actor and
 * critic have to be networks of their own, of as many layers.
 *
 * ```ts
 * const { tensors } = decodeSafetensors(bytes, "cleanrl.safetensors");
 * const weights = fromStateDict(tensors, "cleanrl");
 * const policy = await policyFrom(weights, await make("CartPole-v1"));
 * ```
 * @throws FileFormatError for a tensor that is missing, unknown, or not a float32 of the right number of axes;
 * ConfigurationError for an unknown convention
 */
export function fromStateDict(tensors: readonly NamedTensor[], convention: StateDictConvention): Weights {
  const { logStd } = conventionOf(convention);
  const byName = Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor]));
  const entries = entriesOf(convention, Math.floor(tensors.length / 4), Object.hasOwn(byName, logStd));
  const known = fields(byName, Object.fromEntries(entries.map(({ theirs }) => [theirs, { kind: "state" } as const])));
  return Object.fromEntries(
    entries.map(({ ours, theirs }) => {
      const tensor = known[theirs] as NamedTensor;
      if (dataTypeOf(tensor.data) !== "float32")
        throw new FileFormatError(`${theirs}: ${shown(tensor)} is not float32`);
      if (isWeight(ours)) return [ours, transposed(tensor)];
      return [ours, { shape: [sizeOf(tensor.shape)], data: tensor.data.slice() }];
    }),
  );
}

/**
 * The weights of a policy under the names and in the shapes of a state dict of PyTorch, for `encodeSafetensors`: then
 * `agent.load_state_dict(safetensors.torch.load_file(path))` in Python has the same policy.
 *
 * ```ts
 * const tensors = toStateDict(weightsOf(policy), "stable-baselines3");
 * const bytes = encodeSafetensors({ tensors, metadata: {} });
 * ```
 *
 * @throws FileFormatError for what are not the weights of a policy; ConfigurationError for an unknown convention
 */
export function toStateDict(weights: Weights, convention: StateDictConvention): readonly NamedTensor[] {
  const { logStd, logStdShape } = conventionOf(convention);
  const layers = Math.floor(Object.keys(weights).length / 4);
  const entries = entriesOf(convention, layers, Object.hasOwn(weights, "actor.logStd"));
  const known = fields(weights, Object.fromEntries(entries.map(({ ours }) => [ours, { kind: "state" } as const])));
  return entries.map(({ ours, theirs }) => {
    const tensor = known[ours] as NamedTensor;
    if (isWeight(ours)) return { name: theirs, ...transposed({ ...tensor, name: ours }) };
    const shape = theirs === logStd ? logStdShape(sizeOf(tensor.shape)) : tensor.shape;
    return { name: theirs, shape, data: tensor.data.slice() };
  });
}

function conventionOf(name: StateDictConvention): Convention {
  checkValue("convention", { kind: "choice", choices: Object.keys(conventions) }, name);
  return conventions[name];
}

/** All parameters of an actor and a critic of so many layers. */
function entriesOf(name: StateDictConvention, layers: number, isContinuous: boolean): Entry[] {
  const { layer: nameOf, logStd } = conventionOf(name);
  const entries = (["actor", "critic"] as const).flatMap((network) =>
    Array.from({ length: layers }, (_, layer) => nameOf(network, layer, layer === layers - 1, isContinuous)).flatMap(
      (theirs, layer) =>
        ["weight", "bias"].map((kind) => ({ ours: `${network}.${layer}.${kind}`, theirs: `${theirs}.${kind}` })),
    ),
  );
  return isContinuous ? [...entries, { ours: "actor.logStd", theirs: logStd }] : entries;
}

const isWeight = (name: string): boolean => name.endsWith(".weight");

/** [rows, columns] -> [columns, rows] */
function transposed({ name, shape, data }: NamedTensor): Weights[string] {
  const [rows, columns] = shape as [number, number];
  if (shape.length !== 2) throw new FileFormatError(`${name}: ${formatShape(shape)} is no matrix`);
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column] as number;
  return { shape: [columns, rows], data: turned };
}
