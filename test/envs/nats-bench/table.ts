// A table in the form of NATS-Bench's, of numbers made up by the code of an architecture.

/** What architecture `code` has in each column, in percent. */
export function accuraciesOf(code: number): number[] {
  const noise = (column: number) => ((code * (7919 + 2 * column) + 104_729 * column) % 10_007) / 10_007;
  return [0, 1, 2, 3, 4, 5].map((column) => Number((10 + 80 * noise(column)).toFixed(3)));
}

export const header = "index,ops,c10_val12,c100_val12,im_val12,c10_test200,c100_test200,im_test200";

/** The code of the architecture in a row: not in order, as in the real one. */
export const codeAt = (row: number): number => (row * 4567 + 11) % 15_625;

export const digitsOf = (code: number): string => code.toString(5).padStart(6, "0");

/** Its lines, the header first. */
export function tableLines(): string[] {
  const rows = Array.from({ length: 15_625 }, (_, row) => {
    const code = codeAt(row);
    return [row, digitsOf(code), ...accuraciesOf(code).map((accuracy) => accuracy.toFixed(3))].join(",");
  });
  return [header, ...rows];
}
