// @ts-check
// Tables of the benchmark: aligned on the terminal, and as Markdown.

/** @typedef {{ title: string, columns: readonly string[], rows: readonly (readonly string[])[], note?: string }} Table */

/** @param {Table} table */
export function asText({ title, columns, rows, note }) {
  const widths = columns.map((column, index) =>
    Math.max(...[column, ...rows.map((row) => row[index] ?? "")].map((cell) => cell.length)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [title, rule, line(columns), rule, ...rows.map(line), ...(note ? [note] : []), ""].join("\n");
}

/** @param {Table} table */
export function asMarkdown({ columns, rows, note }) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(columns), line(rule), ...rows.map(line), ...(note ? ["", note] : [])].join("\n");
}

/** 0.0000123 -> "12.3 us" @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(0)} ns`;
  if (seconds < 1e-3) return `${significant(seconds * 1e6)} us`;
  if (seconds < 1) return `${significant(seconds * 1e3)} ms`;
  return `${seconds.toFixed(2)} s`;
}

/** Three digits that count. @param {number} value */
export function significant(value) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 6));
}

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(0)}%`;

/** 123456 -> "123,456" @param {number} value */
export const grouped = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** @param {number} error */
export const scientific = (error) => (error === 0 ? "0" : error.toExponential(1));
