// A WebAssembly module as text, the one form that every bundler and every engine loads with no configuration. It is
// made for gzip: the 82 commonest byte values take one character and the others two, so that equal bytes are equal
// texts and a window of gzip holds twice as many as of hexadecimal. tools/kernel-text.mjs writes it.

/** The characters from "(" to "~" that no kind of quotes has to escape. */
const ALPHABET = Array.from({ length: 87 }, (_, index) => 40 + index).filter((code) => code !== 92 && code !== 96);
/** How many characters stand for a value; the three above them begin two characters. */
const SINGLE = ALPHABET.length - 3;

/** @param text 64 hexadecimal digits, one bit for each byte value that takes one character; then the bytes */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const isSingle = (value: number) => (Number.parseInt(text[value >> 2] as string, 16) >> (value & 3)) & 1;
  // A stable sort: singles first, each kind in ascending order.
  const values = Array.from({ length: 256 }, (_, value) => value).sort((a, b) => isSingle(b) - isSingle(a));
  const digits = new Map(ALPHABET.map((code, digit) => [code, digit]));
  const bytes: number[] = [];
  for (let index = 64, page = 0; index < text.length; index++) {
    const digit = digits.get(text.charCodeAt(index)) as number;
    if (page === 0 && digit >= SINGLE) page = SINGLE + (digit - SINGLE) * ALPHABET.length;
    else {
      bytes.push(values[page + digit] as number);
      page = 0;
    }
  }
  return new Uint8Array(bytes);
}
