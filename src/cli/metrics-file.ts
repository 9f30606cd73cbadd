// metrics.jsonl and evaluations.jsonl: one JSON object a line, one line an iteration. What is no number yet, as the
// mean return before an episode has ended, is null, which every reader of JSON knows.

import { FileFormatError } from "../base/errors.ts";
import { count, type FieldRange } from "../base/ranges.ts";
import { fields } from "../base/state.ts";
import type { Iteration } from "../ppo/metrics.ts";
import type { Evaluation } from "./evaluations.ts";

/** What each kind of file is made of. */
export interface Lines {
  readonly metrics: Iteration;
  readonly evaluations: Evaluation;
}

/** The lines of a file that could be read. */
export interface ReadLines<Line> {
  readonly lines: readonly Line[];
  /** What is wrong with the line after them; undefined where there is none. */
  readonly damage?: string;
}

/** A finite number. */
export const figure = { kind: "number", from: -Number.MAX_VALUE, to: Number.MAX_VALUE } as const;
export const figureOrNull = { ...figure, none: true } as const;

/** What every line has; all others are figures. */
const known: { readonly [kind in keyof Lines]: Readonly<Record<string, FieldRange>> } = {
  metrics: {
    iteration: { ...count, from: 1 },
    ...{ steps: count, episodes: count },
    solvedAtStep: { ...count, none: true },
    ...{ meanReturn: figureOrNull, meanLength: figureOrNull },
  },
  evaluations: {
    iteration: { ...count, from: 1 },
    ...{ steps: count, episodes: count },
    meanReturn: figure,
  },
};

/** What is published of an iteration: what has become of episodes. */
export type PublishedIteration = ReturnType<typeof published>;

export function published({ iteration, steps, episodes, meanReturn, meanLength, solvedAtStep }: Iteration) {
  return { iteration, steps, episodes, meanReturn, meanLength, solvedAtStep };
}

export function encodeLine(line: Lines[keyof Lines] | PublishedIteration): string {
  return `${JSON.stringify(line)}\n`;
}

/** Reads the lines up to the first that is none of a run, as the last may be where the run was cut off. */
export function decodeLines<Kind extends keyof Lines>(kind: Kind, text: string): ReadLines<Lines[Kind]> {
  const lines: Lines[Kind][] = [];
  const texts = text.split("\n");
  const last = texts.pop();
  for (const [index, text] of texts.entries()) {
    const wrong = (why: string) => ({ lines, damage: `line ${index + 1}: ${why}` });
    try {
      const line = decodeLine(kind, text);
      const before = lines.at(-1) ?? { iteration: 0, steps: 0, episodes: 0 };
      for (const name of ["iteration", "steps", "episodes"] as const) {
        const isAfter = name === "episodes" ? line[name] >= before[name] : line[name] > before[name];
        if (!isAfter) return wrong(`${name} ${line[name]} comes after ${before[name]}`);
      }
      lines.push(line);
    } catch (error) {
      if (error instanceof FileFormatError) return wrong(error.message);
      if (error instanceof SyntaxError) return wrong("not JSON");
      throw error;
    }
  }
  return last === "" ? { lines } : { lines, damage: `line ${texts.length + 1}: cut short` };
}

function decodeLine<Kind extends keyof Lines>(kind: Kind, text: string): Lines[Kind] {
  const parsed: unknown = JSON.parse(text);
  const names = Object.keys(Object(parsed)).filter((name) => !Object.hasOwn(known[kind], name));
  const figures = Object.fromEntries(names.map((name) => [name, figureOrNull]));
  const saved = Object.entries(fields(parsed, { ...known[kind], ...figures }));
  const isFigure = (name: string) => name !== "solvedAtStep";
  return Object.fromEntries(
    saved.map(([name, value]) => [name, value === null && isFigure(name) ? Number.NaN : value]),
  ) as unknown as Lines[Kind];
}
