// Tables of the benchmark: aligned on the terminal, and as Markdown.

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

export function asText({ title, columns, rows, note }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(...[column, ...rows.map((row) => row[index] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [title, rule, line(columns), rule, ...rows.map(line), ...(note ? [note] : []), ""].join("\n");
}

export function asMarkdown({ columns, rows, note }: Omit<Table, "title">): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(columns), line(rule), ...rows.map(line), ...(note ? ["", note] : [])].join("\n");
}

/** 0.0000123 -> "12.3 us" */
export function duration(seconds: number): string {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  if (seconds < 1e-3) return `${significant(seconds * 1e6)} us`;
  if (seconds < 1) return `${significant(seconds * 1e3)} ms`;
  return `${seconds.toFixed(2)} s`;
}

/** Three digits that count. */
export function significant(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 6));
}

/** 0.25 -> "25%" */
export function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

/** 0.0000012 -> "1.2e-6" */
export function scientific(error: number): string {
  return error === 0 ? "0" : error.toExponential(1);
}
