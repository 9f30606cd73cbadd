// @ts-check
// Writes a WebAssembly module as the text that src/engine/kernel-text.ts reads; the form is described there.

const ALPHABET = Array.from({ length: 87 }, (_, index) => String.fromCharCode(40 + index)).filter(
  (character) => character !== "\\" && character !== "`",
);
const SINGLE = ALPHABET.length - 3;

/** @param {Uint8Array} binary @returns {string} */
export function kernelText(binary) {
  /** @type {number[]} */
  const counts = Array(256).fill(0);
  for (const byte of binary) counts[byte] = (counts[byte] ?? 0) + 1;
  const values = [...counts.keys()];
  const count = (/** @type {number} */ value) => counts[value] ?? 0;
  const commonest = new Set([...values].sort((a, b) => count(b) - count(a)).slice(0, SINGLE));
  const ranks = [...values.filter((value) => commonest.has(value)), ...values.filter((value) => !commonest.has(value))];
  const texts = values.map((value) => {
    const rank = ranks.indexOf(value);
    if (rank < SINGLE) return ALPHABET[rank];
    const page = Math.floor((rank - SINGLE) / ALPHABET.length);
    return `${ALPHABET[SINGLE + page]}${ALPHABET[(rank - SINGLE) % ALPHABET.length]}`;
  });
  const bits = Array.from({ length: 64 }, (_, digit) =>
    [0, 1, 2, 3].reduce((sum, bit) => sum + (commonest.has(4 * digit + bit) ? 2 ** bit : 0), 0).toString(16),
  );
  return bits.join("") + [...binary].map((byte) => texts[byte]).join("");
}
