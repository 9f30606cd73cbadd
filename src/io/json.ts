// JSON with the numbers that JSON lacks: Infinity, -Infinity, NaN and -0 travel as texts of those names, and a text
// that is one of the names, or such a text already, behind a tilde.

const words = new Map<string, number>([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
  ["-0", -0],
]);

/** A text that would be read as something else. */
const ambiguous = /^~*(-?Infinity|NaN|-0)$/;

/** A value as JSON text. */
export function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, member: unknown) => encoded(member), indent);
}

function encoded(member: unknown): unknown {
  if (typeof member === "string") return ambiguous.test(member) ? `~${member}` : member;
  if (typeof member !== "number") return member;
  if (Object.is(member, -0)) return "-0";
  return Number.isFinite(member) ? member : String(member);
}

/**
 * The value of a JSON text.
 * @throws SyntaxError
 */
export function parse(text: string): unknown {
  return JSON.parse(text, (_, member: unknown) => {
    if (typeof member !== "string") return member;
    return words.get(member) ?? (ambiguous.test(member) ? member.slice(1) : member);
  });
}
