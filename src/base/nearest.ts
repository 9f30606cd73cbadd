// The name that was probably meant, for errors about names that do not exist.

/** The one of `names` nearest to `text`, for a question after an error; undefined where none is near. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => editDistance(text.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= text.length / 2 ? names[distances.indexOf(least)] : undefined;
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
 * The least number of letters to insert, delete or replace that makes one text of the other (Wagner and Fischer, 1974).
 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
