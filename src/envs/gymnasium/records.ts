// What environments came to, as it lies in the reply of a Python process: views of it, and elements of the observation
// space that are made of them.

import { type DataOf, type DataType, dataTypes, sizeOf } from "../../base/spec.ts";
import { Dict, Tuple } from "../../spaces/composite.ts";
import type { Observation, ObservationSpace, Space } from "../../spaces/space.ts";
import { type Greeting, PythonProcess } from "./python.ts";

/** Where reward, lives and flags stand in a record, and how many bytes they take up. */
const at = { reward: 0, lives: 8, terminated: 12, truncated: 13, mask: 16 } as const;

/** The record of one environment. */
export class ResultRecord {
  /** [maskSize] */
  readonly mask: Uint8Array;
  readonly #view: DataView;
  readonly #observed: () => Observation;

  /** The record `index` of a reply. */
  constructor(reply: ArrayBuffer, index: number, space: ObservationSpace, { stride, fields, maskSize }: Greeting) {
    const start = PythonProcess.replyAt + index * stride;
    this.mask = new Uint8Array(reply, start + at.mask, maskSize);
    this.#view = new DataView(reply, start, stride);
    const places = new Map(fields.map(({ path, offset }) => [JSON.stringify(path), start + offset]));
    this.#observed = reader(space, reply, places, []);
  }

  get reward(): number {
    return this.#view.getFloat64(at.reward, true);
  }

  get lives(): number {
    return this.#view.getInt32(at.lives, true);
  }

  get terminated(): boolean {
    return this.#view.getUint8(at.terminated) === 1;
  }

  get truncated(): boolean {
    return this.#view.getUint8(at.truncated) === 1;
  }

  /** The observation, whose arrays the next reply writes over. */
  get observation(): Observation {
    return this.#observed();
  }
}

/**
 * What gives an observation of a space.
 * @param places of the arrays of the whole observation, by their paths
 * @param path of this space
 */
function reader(
  space: ObservationSpace,
  reply: ArrayBuffer,
  places: ReadonlyMap<string, number>,
  path: readonly (string | number)[],
): () => Observation {
  if (space instanceof Dict) {
    const parts = Object.entries(space.spaces).map(
      ([key, part]) => [key, reader(part, reply, places, [...path, key])] as const,
    );
    return () => Object.fromEntries(parts.map(([key, read]) => [key, read()]));
  }
  if (space instanceof Tuple) {
    const parts = space.spaces.map((part, index) => reader(part, reply, places, [...path, index]));
    return () => parts.map((read) => read());
  }
  const { shape, dtype } = space as Space;
  const place = places.get(JSON.stringify(path)) as number;
  const numbers = new dataTypes[dtype].array(reply, place, sizeOf(shape)) as DataOf<DataType>;
  return space.type === "Discrete" ? () => numbers[0] as number : () => numbers;
}

/** The observation itself, or a copy that later replies leave alone. */
export function copied(observation: Observation): Observation {
  if (typeof observation === "number") return observation;
  if (ArrayBuffer.isView(observation)) return (observation as Uint8Array).slice();
  if (Array.isArray(observation)) return observation.map(copied);
  return Object.fromEntries(Object.entries(observation).map(([name, part]) => [name, copied(part)]));
}
