// Rows of arrays, and whole arrays axis by axis, taken, copied and cleared as bytes: whatever the data type of their
// elements.

/** out[i] = x[indices[i]] for n rows of so many bytes each */
export function takeRows(out: usize, x: usize, indices: usize, n: i32, bytes: usize): void {
  // A number for each row, as most of a minibatch has.
  if (bytes == 4) {
    for (; n > 0; n--, indices += 4, out += 4) store<u32>(out, load<u32>(x + ((<usize>load<u32>(indices)) << 2)));
    return;
  }
  for (let i = 0; i < n; i++, indices += 4, out += bytes) {
    const row = x + <usize>load<u32>(indices) * bytes;
    let b: usize = 0;
    for (; b + 16 <= bytes; b += 16) v128.store(out + b, v128.load(row + b));
    for (; b + 4 <= bytes; b += 4) store<u32>(out + b, load<u32>(row + b));
    for (; b < bytes; b++) store<u8>(out + b, load<u8>(row + b));
  }
}

/**
 * The rows of n sequences of `length` steps of so many environments, ordered by step, then by sequence: sequence q
 * begins in row (q / environments) · length · environments + q % environments, and goes on an environment further.
 */
export function sequenceRows(out: usize, sequences: usize, n: i32, length: i32, environments: i32): void {
  for (let step = 0; step < length; step++) {
    for (let i = 0; i < n; i++, out += 4) {
      const sequence = load<i32>(sequences + ((<usize>i) << 2));
      const begin = sequence / environments;
      store<i32>(out, (begin * length + step) * environments + (sequence - begin * environments));
    }
  }
}

/** out = x, so many bytes */
export function copy(out: usize, x: usize, bytes: usize): void {
  memory.copy(out, x, bytes);
}

/** out = 0, so many bytes */
export function zero(out: usize, bytes: usize): void {
  memory.fill(out, 0, bytes);
}

/**
 * Runs of so many bytes, from x to out, one for each index along the axes of `layout`, outermost first: three int32 an
 * axis, its size and by how many bytes out and x advance along it. An x that does not advance is repeated. The first
 * run is at the offsets from out and x.
 */
export function copyStrided(
  out: usize,
  x: usize,
  outOffset: usize,
  xOffset: usize,
  layout: usize,
  axes: i32,
  bytes: usize,
): void {
  if (axes == 0) {
    memory.copy(out + outOffset, x + xOffset, bytes);
    return;
  }
  for (let n = load<i32>(layout); n > 0; n--) {
    if (axes == 1 && bytes == 4) store<u32>(out + outOffset, load<u32>(x + xOffset));
    else copyStrided(out, x, outOffset, xOffset, layout + 12, axes - 1, bytes);
    outOffset += load<usize>(layout, 4);
    xOffset += load<usize>(layout, 8);
  }
}

/** out[i] = mask[i] != 0 ? x[i] : *otherwise for n floats and bytes of a mask */
export function where(out: usize, mask: usize, x: usize, otherwise: usize, n: i32): void {
  const other = load<u32>(otherwise);
  for (; n > 0; n--, out += 4, mask++, x += 4) store<u32>(out, load<u8>(mask) ? load<u32>(x) : other);
}
