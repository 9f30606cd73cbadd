// JSON with the numbers that JSON lacks: Infinity, -Infinity and NaN travel as strings of those names.

const words = new Map<string, number>([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
]);

export function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, member: unknown) => (typeof member === "number" && !Number.isFinite(member) ? String(member) : member),
    indent,
  );
}

/** @throws SyntaxError */
export function parse(text: string): unknown {
  return JSON.parse(text, (_, member: unknown) =>
    typeof member === "string" ? (words.get(member) ?? member) : member,
  );
}
