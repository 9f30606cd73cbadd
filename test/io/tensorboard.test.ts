// Event files against those that TensorBoard's own writer made of the same scalars, byte by byte.

import { describe, expect, it } from "vitest";
import { fileVersion, recordsOf, scalars, sessionStart } from "../../src/io/tensorboard.ts";
import fixture from "../fixtures/event-files.json" with { type: "json" };

type Event = readonly [wallTime: number, step: number, values: readonly (readonly [string, number])[]];

function fileOf(events: readonly Event[]): Uint8Array {
  const [[begin, step]] = events as readonly [Event];
  const parts = [fileVersion(begin), sessionStart(begin, step), ...events.map((event) => scalars(...event))];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe.each(fixture.map(({ events, bytes }) => ({ events: events as unknown as Event[], bytes })))(
  "a file of events",
  ({ events, bytes }) => {
    const expected = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));

    it("has the bytes of TensorBoard's writer", () => {
      expect(fileOf(events)).toEqual(expected);
    });

    it("is read as its steps, and up to where it is whole", () => {
      const records = recordsOf(expected);
      const [[, first]] = events as [Event];
      expect(records.map(({ step }) => step)).toEqual([0, first, ...events.map(([, step]) => step)]);
      expect(records.at(-1)?.end).toBe(expected.length);
      for (let length = 0; length < expected.length; length++) {
        const whole = records.filter(({ end }) => end <= length);
        expect(recordsOf(expected.subarray(0, length))).toEqual(whole);
      }
    });

    it("is read up to a record with a bit that has changed", () => {
      const records = recordsOf(expected);
      for (let byte = 0; byte < expected.length; byte += 3) {
        const changed = expected.slice();
        changed[byte] = (changed[byte] as number) ^ 16;
        const before = records.filter(({ end }) => end <= byte);
        expect(recordsOf(changed), `byte ${byte}`).toEqual(before);
      }
    });
  },
);
