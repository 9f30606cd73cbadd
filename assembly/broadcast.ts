// Functions of two arrays: out[r, c] = f(a[r, c], b[r, c]), where an operand may be repeated along rows, columns or
// both. Every operand has a row stride and a column stride in bytes, and a stride of 0 repeats it.

@unmanaged
abstract class Binary {
  abstract apply(a: v128, b: v128): v128;
}

function loadFour(address: usize, column: usize): v128 {
  return column ? v128.load(address) : v128.load32_splat(address);
}

function zip<F extends Binary>(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  const f = changetype<F>(0);
  for (let r = 0; r < rows; r++, a += aRow, b += bRow) {
    let x = a;
    let y = b;
    let c = columns;
    for (; c >= 4; c -= 4, x += aColumn << 2, y += bColumn << 2, out += 16) {
      v128.store(out, f.apply(loadFour(x, aColumn), loadFour(y, bColumn)));
    }
    for (; c > 0; c--, x += aColumn, y += bColumn, out += 4) {
      v128.store_lane<f32>(out, f.apply(v128.load32_splat(x), v128.load32_splat(y)), 0);
    }
  }
}

@unmanaged
class Add extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}
/** a + b */
export function add(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Add>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Subtract extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}
/** a - b */
export function subtract(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Subtract>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Multiply extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}
/** a * b */
export function multiply(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Multiply>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Divide extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}
/** a / b */
export function divide(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Divide>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Maximum extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}
/** max(a, b); NaN where either is NaN */
export function maximum(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Maximum>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Minimum extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}
/** min(a, b); NaN where either is NaN */
export function minimum(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Minimum>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class MaximumShare extends Binary {
  apply(a: v128, b: v128): v128 {
    return f32x4.add(v128.and(f32x4.gt(a, b), f32x4.splat(1)), v128.and(f32x4.eq(a, b), f32x4.splat(0.5)));
  }
}
/** 1 where a > b, 1/2 where a = b, 0 where a < b: the share of max(a, b)'s gradient that goes to a */
export function maximumShare(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<MaximumShare>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}

@unmanaged
class Greater extends Binary {
  apply(a: v128, b: v128): v128 {
    return v128.and(f32x4.gt(a, b), f32x4.splat(1));
  }
}
/** 1 where a > b, else 0 */
export function greater(
  out: usize,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  aRow: usize,
  aColumn: usize,
  bRow: usize,
  bColumn: usize,
): void {
  zip<Greater>(out, a, b, rows, columns, aRow, aColumn, bRow, bColumn);
}
