// Dots in a terminal: eight to a character, two across and four down.

/** The bits of the eight dots of a braille character, by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export class BrailleCanvas {
  readonly #characters: readonly Uint8Array[];

  /** An empty one of so many characters. */
  constructor(columns: number, rows: number) {
    this.#characters = Array.from({ length: rows }, () => new Uint8Array(columns));
  }

  /** Sets a dot, counted from the upper left; beyond the edge there is none. */
  dot(left: number, top: number): void {
    const line = this.#characters[top >> 2];
    const bit = DOTS[(top & 3) as 0 | 1 | 2 | 3][(left & 1) as 0 | 1];
    const column = left >> 1;
    if (line !== undefined && column >= 0 && column < line.length) line[column] = (line[column] as number) | bit;
  }

  /** Its lines; what has no dots is a space. */
  get lines(): string[] {
    return this.#characters.map((line) =>
      Array.from(line, (bits) => (bits === 0 ? " " : String.fromCodePoint(0x2800 + bits))).join(""),
    );
  }
}
