// Some lines of a terminal that are written anew in place.

import { stripVTControlCharacters } from "node:util";
import type { Terminal } from "./terminal.ts";

export class LiveLines {
  readonly #output: Terminal;
  /** The columns of each line that is shown. */
  #widths: readonly number[] = [];

  constructor(output: Terminal) {
    this.#output = output;
    // Whatever ends the process, the cursor comes back.
    process.once("exit", () => this.clear());
  }

  /** Shows these lines, none wider than the terminal and fewer than it is high, in place of those before. */
  show(lines: readonly string[]): void {
    this.#output.write(`${this.#widths.length > 0 ? this.#back : "\x1b[?25l"}\x1b[J${lines.join("\n")}`);
    this.#widths = lines.map((line) => stripVTControlCharacters(line).length);
  }

  /** Takes them away. */
  clear(): void {
    if (this.#widths.length > 0) this.#output.write(`${this.#back}\x1b[J\x1b[?25h`);
    this.#widths = [];
  }

  /** To where they begin: on a terminal that has become narrower a line takes several. */
  get #back(): string {
    const { width, height } = this.#output;
    const rows = this.#widths.reduce((sum, columns) => sum + Math.max(1, Math.ceil(columns / width)), 0);
    const up = Math.min(rows, height) - 1;
    return up > 0 ? `\r\x1b[${up}A` : "\r";
  }
}
