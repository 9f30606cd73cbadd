// Searches in NATS-Bench by the name that has their table in it: nats-bench:FILE#DATASET.

import { createHash } from "node:crypto";
import { ConfigurationError } from "../base/errors.ts";
import { within } from "../base/state.ts";
import { type NatsDataset, natsBench } from "../envs/nats-bench/index.ts";
import type { Registration } from "../envs/registration.ts";
import { readFile } from "../io/files.ts";

/**
 * What is registered by such a name.
 * @throws ConfigurationError for a name without a file or a dataset; FileFormatError for another file
 */
export async function natsBenchOf(name: string): Promise<Registration> {
  const [, path, dataset] = /^nats-bench:(.+)#(.*)$/.exec(name) ?? [];
  if (path === undefined)
    throw new ConfigurationError(
      `${name}: it has to be nats-bench:FILE#DATASET, as in nats-bench:nats_tss.csv#cifar10`,
    );
  const bytes = await readFile(path);
  const text = new TextDecoder().decode(bytes);
  const registration = within(path, () => natsBench(text, { dataset: dataset as NatsDataset, id: name }));
  return { ...registration, data: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}
