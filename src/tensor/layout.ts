// Where a program's tensors lie. Each lives from the call that writes it to the last call that reads it, and two that
// never live at the same time may share a place: a training step stays in the cache.

import { FreeList } from "../engine/free-list.ts";
import { wholeLines } from "../engine/heap.ts";
import type { Call } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/** Offsets into one arena. */
interface Layout {
  readonly bytes: number;
  readonly offsets: ReadonlyMap<Storage, number>;
}

/** Storages in `pinned` keep a place of their own; those that have an address already are left where they are. */
export function layOut(calls: readonly Call[], pinned: Iterable<Storage>): Layout {
  const offsets = new Map<Storage, number>();
  let bytes = 0;
  const extend = (storage: Storage): void => {
    offsets.set(storage, bytes);
    bytes += wholeLines(storage.bytes);
  };
  for (const storage of pinned) if (storage.address === undefined && !offsets.has(storage)) extend(storage);

  const lastUse = new Map<Storage, number>();
  for (const [index, call] of calls.entries()) for (const storage of storagesOf(call)) lastUse.set(storage, index);

  const temporary = new Set<Storage>();
  const free = new FreeList();
  for (const [index, call] of calls.entries()) {
    const living = [...storagesOf(call)].filter((storage) => storage.address === undefined);
    for (const storage of living) {
      if (offsets.has(storage)) continue;
      const offset = free.take(wholeLines(storage.bytes));
      if (offset === undefined) extend(storage);
      else offsets.set(storage, offset);
      temporary.add(storage);
    }
    for (const storage of living) {
      if (temporary.has(storage) && lastUse.get(storage) === index)
        free.release(offsets.get(storage) as number, wholeLines(storage.bytes));
    }
  }
  return { bytes, offsets };
}

function storagesOf({ results, operands }: Call): Set<Storage> {
  const storages = new Set<Storage>();
  for (const tensor of [...results, ...operands]) if (tensor instanceof Tensor) storages.add(tensor.storage);
  return storages;
}
