// A terminal of one's own for as long as something is shown on all of it: what was there before comes back.

import type { Terminal } from "./terminal.ts";

/** Of xterm, as everywhere: the other screen, and the cursor away. */
const OPEN = "\x1b[?1049h\x1b[?25l";
const CLOSE = "\x1b[?25h\x1b[?1049l";
/** What is between is shown at once, where the terminal knows of it; others let it be. */
const FRAME = ["\x1b[?2026h\x1b[H", "\x1b[J\x1b[?2026l"] as const;

export class Screen {
  readonly #output: Terminal;
  #isOpen = true;
  // Whatever ends the process, the cursor comes back.
  readonly #atExit = () => this.close();

  constructor(output: Terminal) {
    this.#output = output;
    output.write(OPEN);
    process.once("exit", this.#atExit);
  }

  /** Shows these lines, no more than there is room for, in place of those before. */
  draw(lines: readonly string[]): void {
    // What is behind the end of a line, as of a longer one before, goes away first: at the edge it would be the last
    // character that goes.
    const text = lines.slice(0, this.#output.height).map((line) => `\x1b[K${line}`);
    this.#output.write(`${FRAME[0]}${text.join("\r\n")}${FRAME[1]}`);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.#atExit);
    this.#output.write(CLOSE);
  }
}
