// metrics.jsonl: one JSON object a line, one line an iteration. What is no number yet, as the mean return before an
// episode has ended, is null, which every reader of JSON knows.

import { FileFormatError } from "../base/errors.ts";
import { count, type FieldRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { Iteration } from "../ppo/metrics.ts";

/** The lines of a file that could be read. */
export interface Metrics {
  readonly iterations: readonly Iteration[];
  /** What is wrong with the line after them; undefined where there is none. */
  readonly damage?: string;
}

/** What every line has; all others are figures. */
const known: Readonly<Record<string, FieldRange>> = {
  iteration: { ...count, from: 1 },
  ...{ steps: count, episodes: count },
  solvedAtStep: { ...count, none: true },
  ...{ meanReturn: figureRange(), meanLength: figureRange() },
};

/** A finite number, or null. */
function figureRange(): FieldRange {
  return { kind: "number", from: -Number.MAX_VALUE, to: Number.MAX_VALUE, none: true };
}

export function encodeIteration(iteration: Iteration): string {
  return `${JSON.stringify(iteration)}\n`;
}

/** Reads the lines up to the first that is none of a run, as the last may be where the run was cut off. */
export function decodeMetrics(text: string): Metrics {
  const iterations: Iteration[] = [];
  const lines = text.split("\n");
  const last = lines.pop();
  for (const [index, line] of lines.entries()) {
    const wrong = (why: string) => ({ iterations, damage: `line ${index + 1}: ${why}` });
    try {
      const iteration = decodeIteration(line);
      const before = iterations.at(-1) ?? { iteration: 0, steps: 0, episodes: 0 };
      for (const name of ["iteration", "steps", "episodes"] as const) {
        const isAfter = name === "episodes" ? iteration[name] >= before[name] : iteration[name] > before[name];
        if (!isAfter) return wrong(`${name} ${iteration[name]} comes after ${before[name]}`);
      }
      iterations.push(iteration);
    } catch (error) {
      if (error instanceof FileFormatError) return wrong(error.message);
      if (error instanceof SyntaxError) return wrong("not JSON");
      throw error;
    }
  }
  return last === "" ? { iterations } : { iterations, damage: `line ${lines.length + 1}: cut short` };
}

function decodeIteration(line: string): Iteration {
  const parsed: unknown = JSON.parse(line);
  const names = Object.keys(Object(parsed)).filter((name) => !Object.hasOwn(known, name));
  const figures = Object.fromEntries(names.map((name) => [name, figureRange()]));
  const saved = Object.entries(fields(parsed, { ...known, ...figures }));
  const isFigure = (name: string) => name !== "solvedAtStep";
  return Object.fromEntries(
    saved.map(([name, value]) => [name, value === null && isFigure(name) ? Number.NaN : value]),
  ) as unknown as Iteration;
}
