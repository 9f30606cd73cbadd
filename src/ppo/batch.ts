// A batch as it can be read after an iteration, and written for an update of one's own.

import { ConfigurationError, ShapeError } from "../base/errors.ts";
import { checkNames, shown } from "../base/ranges.ts";
import { type DataType, formatSpec, nonFiniteIn } from "../base/spec.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Rollout } from "./rollout.ts";

/** What an update needs of each row, always; and where networks remember, actions are masked or the KL is penalised. */
const fields = ["observations", "actions", "logProbs", "values", "advantages", "returns"] as const;
const furtherFields = ["masks", "statistics", "starts", "memory"] as const;

/** What an update needs: flat arrays, row after row. */
export type Batch = { readonly [name in (typeof fields)[number]]: ArrayLike<number> } & {
  readonly [name in (typeof furtherFields)[number]]?: ArrayLike<number>;
};

/** A rollout with what was made of it: tensors [numSteps, numEnvs, ...]. */
export type ReadableRollout = Readonly<
  Pick<Rollout, Exclude<(typeof fields | typeof furtherFields)[number], "advantages" | "returns">>
> &
  Readonly<Pick<Rollout, "rewards" | "terminated" | "truncated">> & {
    /** Â, before minibatches normalise it. */
    readonly advantages: Tensor;
    /** Â + V(s) */
    readonly returns: Tensor;
  };

/**
 * Writes a batch to where an update reads it.
 * @throws ShapeError for an array that is missing, too much, or of another length, and for what is not a finite number
 */
export function setBatch(rollout: ReadableRollout, batch: Batch): void {
  const remembers = rollout.memory.size > 0;
  const isUsed = (name: (typeof furtherFields)[number]) =>
    name === "starts" || name === "memory" ? remembers : rollout[name] !== undefined;
  const names = [...fields, ...furtherFields.filter(isUsed)];
  checkNames("update", batch, names);
  for (const name of names) {
    const tensor = rollout[name] as Tensor<DataType>;
    const values = batch[name];
    if (values?.length !== tensor.size)
      throw new ShapeError(`update: ${name} of ${values?.length} numbers; it has to be ${formatSpec(tensor)}`);
    // The logits of masked actions are -Infinity.
    const index =
      name === "statistics"
        ? Array.from(values).findIndex((x) => !(x < Number.POSITIVE_INFINITY))
        : nonFiniteIn(values);
    if (index >= 0) throw new ShapeError(`update: ${name}[${index}] is ${values[index]}; it has to be a finite number`);
  }
  for (const name of names) (rollout[name] as Tensor<DataType>).set(batch[name] as ArrayLike<number>);
}

/**
 * @param rows how many there are to be brought into an order
 * @throws ConfigurationError for what is not a permutation for each epoch
 */
export function checkPermutations(
  permutations: readonly ArrayLike<number>[],
  rows: number,
  epochs: number,
): readonly ArrayLike<number>[] {
  if (permutations.length !== epochs)
    throw new ConfigurationError(`update: ${permutations.length} permutations for ${epochs} epochs`);
  for (const permutation of permutations) {
    const isThere = new Uint8Array(rows);
    for (let index = 0; index < permutation.length; index++) isThere[permutation[index] as number] = 1;
    if (permutation.length === rows && !isThere.includes(0)) continue;
    throw new ConfigurationError(`update: ${shown([...Array.from(permutation)])} is no permutation of ${rows} rows`);
  }
  return permutations;
}
