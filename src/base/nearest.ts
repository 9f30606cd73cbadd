// The name that was probably meant, for errors about names that do not exist.

/** The first of `names` that begins with `text`, or the nearest to it; undefined where none is near. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const begun = names.find((name) => text.length >= 3 && name.toLowerCase().startsWith(text.toLowerCase()));
  const distances = names.map((name) => editDistance(text.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  // Of seven letters two may be wrong, as Pong-v5 is not Ant-v5, and of two letters one.
  const isNear = least < text.length && least <= Math.max(1, 0.4 * text.length);
  return begun ?? (isNear ? names[distances.indexOf(least)] : undefined);
}

/** Names beyond these are counted. */
const MOST = 24;

/** "did you mean X?", or a list of what there is. */
export function suggestion(text: string, names: readonly string[]): string {
  const name = nearest(text, names);
  if (name !== undefined) return `did you mean ${name}?`;
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return `there are: ${names.slice(0, MOST).join(", ")}${more}`;
}

/**
 * The least number of letters to insert, delete, replace or exchange with the next one, none of them twice, that makes
 * one text of the other (Damerau, 1964; the optimal string alignment).
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchanged ? (before[j - 2] as number) + 1 : replaced;
      next.push(Math.min(replaced, exchanged, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
