// The environments of a Python process, as they are asked for one by one or several at once.

import { FileFormatError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";
import { dataTypeOf } from "../../base/spec.ts";
import { checkActionSpace } from "../../spaces/check.ts";
import { spaceFrom } from "../../spaces/from-json.ts";
import type { ObservationSpace, Space } from "../../spaces/space.ts";
import type { EnvSpec } from "../env.ts";
import { operations, type PythonProcess } from "./python.ts";
import { ResultRecord } from "./records.ts";

const nothing = new Uint8Array(0);

/** Environments side by side. */
export class PythonEnvironments {
  readonly spec: EnvSpec;
  readonly process: PythonProcess;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Space;
  #records: readonly ResultRecord[] = [];
  #reply: ArrayBuffer | undefined;
  #numEnvs = 1;

  /** @throws ConfigurationError for actions that are no arrays */
  constructor(spec: EnvSpec, process: PythonProcess) {
    this.spec = spec;
    this.process = process;
    this.observationSpace = spaceFrom(process.greeting.observationSpace);
    const actionSpace = spaceFrom(process.greeting.actionSpace);
    checkActionSpace(`${spec.id}: action space`, actionSpace);
    this.actionSpace = actionSpace as Space;
  }

  /** Makes as many in all. */
  grow(numEnvs: number): void {
    this.process.call(operations.grow, 0, numEnvs, nothing, 0);
    this.#numEnvs = numEnvs;
    this.#reply = undefined;
  }

  /** Begins an episode in `seeds.length` environments from `first` on; NaN is no seed. */
  reset(first: number, seeds: Float64Array, step: number): readonly ResultRecord[] {
    this.process.call(operations.reset, first, seeds.length, bytesOf(seeds), step);
    return this.#answered();
  }

  /** Takes a step in `count` environments from `first` on. @param actions [count, ...action] */
  step(first: number, count: number, actions: ArrayBufferView, step: number): readonly ResultRecord[] {
    this.process.call(operations.step, first, count, bytesOf(actions), step);
    return this.#answered();
  }

  /** What an environment looks like: pixels, a copy. @throws EnvironmentError for what Python raises */
  render(index: number, step: number): { rows: number; columns: number; pixels: Uint8Array } {
    this.process.call(operations.render, index, 1, nothing, step);
    const { said } = this.process;
    const size = new DataView(said.buffer, said.byteOffset, 8);
    return { rows: size.getUint32(0, true), columns: size.getUint32(4, true), pixels: said.slice(8) };
  }

  /** What an environment is, as Python pickles it. @throws UnsupportedError where it cannot */
  state(index: number, step: number): Uint8Array {
    this.process.call(operations.state, index, 1, nothing, step);
    return this.process.said.slice();
  }

  /** Takes back what `state` gave. @throws FileFormatError for what it did not give */
  restore(index: number, state: unknown, step: number): void {
    if (dataTypeOf(state) !== "uint8") throw new FileFormatError(`${shown(state)} is not what Python has saved`);
    try {
      this.process.call(operations.restore, index, 1, state as Uint8Array, step);
    } catch (error) {
      if (this.process.isOver) throw error;
      throw new FileFormatError((error as Error).message);
    }
  }

  /** The records of the last reply, the first asked for first. */
  #answered(): readonly ResultRecord[] {
    const { reply, greeting } = this.process;
    if (reply === this.#reply) return this.#records;
    this.#reply = reply;
    const fits = Math.floor((reply.byteLength - 8) / greeting.stride);
    const count = Math.min(this.#numEnvs, fits);
    this.#records = Array.from(
      { length: count },
      (_, index) => new ResultRecord(reply, index, this.observationSpace, greeting),
    );
    return this.#records;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
