// The table that the user has of NATS-Bench: what each architecture was measured at. It is read whole and checked: a
// row that is missing would make it another space.

import { FileFormatError } from "../../base/errors.ts";
import { shown } from "../../base/ranges.ts";

/** How many operations there are to choose from, and how many choices make an architecture. */
export const OPERATIONS = 5;
export const EDGES = 6;
/** How many architectures there are: 5 to the power of 6. */
const ARCHITECTURES = 15_625;

/** Of each dataset what its columns are called by. */
export const columnsOf = { cifar10: "c10", cifar100: "c100", "ImageNet16-120": "im" } as const;

/** What the networks of NATS-Bench were trained on. */
export type NatsDataset = keyof typeof columnsOf;

/** Accuracies in percent, by the code of an architecture: its six digits as a number of base 5. */
export interface NatsTable {
  /** After 12 epochs, on the images kept for validation. */
  readonly validation: Float64Array;
  /** After 200 epochs, on those of the test. */
  readonly test: Float64Array;
}

const names = Object.values(columnsOf);
const header = ["index", "ops", ...names.map((name) => `${name}_val12`), ...names.map((name) => `${name}_test200`)];

/** @throws FileFormatError naming line and value */
export function readTable(csv: string, dataset: NatsDataset): NatsTable {
  const lines = csv.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  // What stands in brackets explains.
  const found = (lines[0] ?? "").replace(/\([^)]*\)/g, "");
  if (found !== header.join(",")) throw wrong(1, "the columns are", found, header.join(","));
  const validation = new Float64Array(ARCHITECTURES).fill(Number.NaN);
  const test = new Float64Array(ARCHITECTURES);
  const columns = [header.indexOf(`${columnsOf[dataset]}_val12`), header.indexOf(`${columnsOf[dataset]}_test200`)];
  for (let row = 1; row < lines.length; row++) {
    const { code, numbers } = readRow(lines[row] as string, row + 1);
    if (!Number.isNaN(validation[code])) throw wrong(row + 1, "ops is", digitsOf(code), "there once");
    validation[code] = numbers[columns[0] as number] as number;
    test[code] = numbers[columns[1] as number] as number;
  }
  const missing = validation.findIndex((accuracy) => Number.isNaN(accuracy));
  if (missing < 0) return { validation, test };
  const count = lines.length - 1;
  throw wrong(lines.length, "the last row is", count, `${ARCHITECTURES}; ${digitsOf(missing)} is missing`);
}

function readRow(line: string, number: number): { readonly code: number; readonly numbers: readonly number[] } {
  const fields = line.split(",");
  if (fields.length !== header.length) throw wrong(number, "the row is", line, `${header.length} columns`);
  const [index = "", digits = "", ...accuracies] = fields;
  if (index !== String(number - 2)) throw wrong(number, "index is", index, `${number - 2}`);
  if (!/^[0-4]{6}$/.test(digits)) throw wrong(number, "ops is", digits, "six digits from 0 to 4");
  for (const [place, accuracy] of accuracies.entries()) {
    if (/^\d+(\.\d+)?$/.test(accuracy) && Number(accuracy) <= 100) continue;
    throw wrong(number, `${header[place + 2]} is`, accuracy, "a percentage from 0 to 100");
  }
  return { code: Number.parseInt(digits, OPERATIONS), numbers: fields.map(Number) };
}

function digitsOf(code: number): string {
  return code.toString(OPERATIONS).padStart(EDGES, "0");
}

function wrong(line: number, subject: string, value: unknown, expected: string): FileFormatError {
  return new FileFormatError(`NATS-Bench: line ${line}: ${subject} ${shown(value)}; it has to be ${expected}`);
}
