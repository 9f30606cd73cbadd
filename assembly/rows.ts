// Rows of arrays, taken, copied and cleared as bytes: whatever the data type of their elements.

/** out[i] = x[indices[i]] for n rows of so many bytes each */
export function takeRows(out: usize, x: usize, indices: usize, n: i32, bytes: usize): void {
  for (let i = 0; i < n; i++, indices += 4, out += bytes) {
    const row = x + <usize>load<u32>(indices) * bytes;
    let b: usize = 0;
    for (; b + 16 <= bytes; b += 16) v128.store(out + b, v128.load(row + b));
    for (; b + 4 <= bytes; b += 4) store<u32>(out + b, load<u32>(row + b));
    for (; b < bytes; b++) store<u8>(out + b, load<u8>(row + b));
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
