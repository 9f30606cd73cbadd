// Moving rows about. An element is four bytes, a float32 or an int32 alike.

/** out[i, width] = x[indices[i], width] for n rows */
export function takeRows(out: usize, x: usize, indices: usize, n: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < n; i++, indices += 4, out += bytes) {
    const row = x + <usize>load<u32>(indices) * bytes;
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) v128.store(out + c, v128.load(row + c));
    for (; c < bytes; c += 4) store<u32>(out + c, load<u32>(row + c));
  }
}

/** out[n] = x[n] */
export function copy(out: usize, x: usize, n: i32): void {
  memory.copy(out, x, (<usize>n) << 2);
}

/** out[n] = 0 */
export function zero(out: usize, n: i32): void {
  memory.fill(out, 0, (<usize>n) << 2);
}

/** out[n] = *value */
export function fill(out: usize, value: usize, n: i32): void {
  const element = load<u32>(value);
  const end = out + ((<usize>n) << 2);
  for (; out < end; out += 4) store<u32>(out, element);
}
