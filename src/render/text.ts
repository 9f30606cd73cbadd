// What pictures write with, on a canvas as in a file.

/** Whatever the reader's own is. */
export const FONT = "system-ui, sans-serif";

/** How far below its middle a line of text stands, in sizes of its letters. */
export const BASELINE = 0.35;

/** What no XML may have in it. */
const NO_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** A text as it has to be written inside XML. */
export function escaped(text: string): string {
  return text.replace(NO_XML, "\ufffd").replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
