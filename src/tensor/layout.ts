// Where a program's tensors lie. Each lives from the call that writes it to the last call that reads it, and two that never live at the
// same time may share a place: a training step stays in the cache.

import type { Call } from "./tape.ts";
import { type Storage, Tensor } from "./tensor.ts";

const ALIGNMENT = 64;

interface Gap {
  offset: number;
  bytes: number;
}

/** Offsets into one arena. Storages in `pinned` keep a place of their own; those that have an address already are left where they are. */
export interface Layout {
  readonly bytes: number;
  readonly offsets: ReadonlyMap<Storage, number>;
}

export function layOut(calls: readonly Call[], pinned: Iterable<Storage>): Layout {
  const offsets = new Map<Storage, number>();
  let bytes = 0;
  for (const storage of pinned) {
    if (storage.address !== undefined || offsets.has(storage)) continue;
    offsets.set(storage, bytes);
    bytes += rounded(storage);
  }

  const lastUse = new Map<Storage, number>();
  for (const [index, call] of calls.entries()) for (const storage of storagesOf(call)) lastUse.set(storage, index);

  const temporary = new Set<Storage>();
  const gaps: Gap[] = [];
  for (const [index, call] of calls.entries()) {
    const living = [...storagesOf(call)].filter((storage) => storage.address === undefined);
    for (const storage of living) {
      if (offsets.has(storage)) continue;
      const size = rounded(storage);
      const gap = tightest(gaps, size);
      if (gap === undefined) {
        offsets.set(storage, bytes);
        bytes += size;
      } else {
        offsets.set(storage, gap.offset);
        gap.offset += size;
        gap.bytes -= size;
      }
      temporary.add(storage);
    }
    for (const storage of living) {
      if (temporary.has(storage) && lastUse.get(storage) === index)
        release(gaps, offsets.get(storage) as number, rounded(storage));
    }
  }
  return { bytes, offsets };
}

function rounded(storage: Storage): number {
  return Math.ceil(storage.bytes / ALIGNMENT) * ALIGNMENT;
}

function storagesOf(call: Call): Set<Storage> {
  const storages = new Set<Storage>();
  for (const argument of call.arguments) if (argument instanceof Tensor) storages.add(argument.storage);
  return storages;
}

/** The smallest gap that holds `size` bytes. */
function tightest(gaps: readonly Gap[], size: number): Gap | undefined {
  let best: Gap | undefined;
  for (const gap of gaps) if (gap.bytes >= size && (best === undefined || gap.bytes < best.bytes)) best = gap;
  return best;
}

/** Gives a stretch back, joined with the gaps that touch it. */
function release(gaps: Gap[], offset: number, bytes: number): void {
  const touching = gaps.filter((gap) => gap.offset + gap.bytes === offset || offset + bytes === gap.offset);
  const start = Math.min(offset, ...touching.map((gap) => gap.offset));
  const total = touching.reduce((sum, gap) => sum + gap.bytes, bytes);
  for (const gap of touching) gaps.splice(gaps.indexOf(gap), 1);
  gaps.push({ offset: start, bytes: total });
}
