// Texts that name what others have named: on one line, and as a shell takes them.

import { basename, relative } from "node:path";

/** A text in which control characters, with which a name could forge lines and colours, are written as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** A command line of this program that can be pasted, called as it was called this time. */
function pasteable(args: readonly string[]): string {
  const [node, program = ""] = process.argv;
  const isCalledByName = basename(program, ".js") === basename(program);
  const byNode = [node === process.execPath ? "node" : (node as string), relative(".", program)];
  const called =
    process.env.npm_command === "exec" ? ["npx", "proximal"] : isCalledByName ? [basename(program)] : byNode;
  return [...called, ...args].map(quoted).join(" ");
}

/** How one goes on with what is in a folder. */
export function goOnWith(folder: string): string {
  return `go on with: ${pasteable(["train", "--resume", asOperand(folder)])}`;
}

/** A path as a command line takes it: what begins with a dash would be an option. */
export function asOperand(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (process.platform === "win32") return `"${word.replaceAll('"', '""')}"`;
  // Within $'...' a shell reads control characters as escapes.
  const isPrintable = printable(word) === word;
  if (isPrintable) return `'${word.replaceAll("'", `'\\''`)}'`;
  const bytes = [...new TextEncoder().encode(word)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
  return `$'${bytes.join("")}'`;
}

/** Words in lines of at most so many columns, behind `first` and below it; one that is longer has a line of its own. */
export function wrapped(first: string, words: readonly string[], width: number): string {
  const lines = [`${first}${words[0]}`];
  for (const word of words.slice(1)) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length <= width) lines[lines.length - 1] = line;
    else lines.push(" ".repeat(first.length) + word);
  }
  return `${lines.join("\n")}\n`;
}
