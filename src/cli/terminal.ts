// What the output can show: colours where it is a terminal that wants them, and how large it is.

import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  readonly isTerminal: boolean;
  readonly width: number;
  readonly height: number;
  /** Bits of a colour: 24 where all of them are shown, 8 where 256 are, fewer where a picture has to do without. */
  readonly colorDepth: number;
  write(text: string): void;
  style(style: Style, text: string): string;
}

/** The standard output, in colour where that is a terminal and NO_COLOR (no-color.org) does not forbid it. */
export function standardOutput(): Terminal {
  const { stdout } = process;
  const colored = stdout.isTTY === true && !process.env.NO_COLOR;
  return {
    isTerminal: stdout.isTTY === true,
    get width() {
      return stdout.columns ?? 80;
    },
    get height() {
      return stdout.rows ?? 24;
    },
    colorDepth: colored ? stdout.getColorDepth() : 1,
    write: (text) => void stdout.write(text),
    style: (style, text) => (colored ? styleText(style, text) : text),
  };
}
