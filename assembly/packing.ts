// Copies in the order in which the tiles read: of B panels of 8 columns, one after the other, each [depth, 8]; of A
// strips of a few rows.

/** Copies `columns` (a multiple of 8) columns of B into panels of [depth, 8]. */
export function packPanels(panels: usize, b: usize, bStep: usize, bColumn: usize, depth: i32, columns: i32): void {
  for (let j: usize = 0; j < <usize>columns; j += 8) {
    let source = b + j * bColumn;
    if (bColumn == 4) {
      for (let p = 0; p < depth; p++, source += bStep, panels += 32) {
        v128.store(panels, v128.load(source));
        v128.store(panels, v128.load(source, 16), 16);
      }
    } else {
      transpose4(panels, 32, source, bColumn, depth);
      transpose4(panels + 16, 32, source + (bColumn << 2), bColumn, depth);
      panels += (<usize>depth) << 5;
    }
  }
}

/** Copies the last `columns` (1 to 7) columns of B, widened with zeros to 4 or 8. */
export function packEdge(panel: usize, b: usize, bStep: usize, bColumn: usize, depth: i32, columns: i32): void {
  const width: usize = columns <= 4 ? 16 : 32;
  memory.fill(panel, 0, <usize>depth * width);
  for (let p = 0; p < depth; p++, b += bStep, panel += width) {
    let source = b;
    for (let q: usize = 0; q < (<usize>columns) << 2; q += 4, source += bColumn)
      store<f32>(panel + q, load<f32>(source));
  }
}

/** Copies 4 or 6 rows of a transposed A into [depth, rows]. */
export function packStrip(strip: usize, a: usize, aStep: usize, rows: i32, depth: i32): void {
  for (let p = 0; p < depth; p++, a += aStep) {
    v128.store(strip, v128.load(a));
    if (rows == 6) store<u64>(strip, load<u64>(a, 16), 16);
    strip += (<usize>rows) << 2;
  }
}

/** Turns four lines of `length` contiguous floats into `length` lines of four. */
function transpose4(out: usize, outStride: usize, source: usize, sourceStride: usize, length: i32): void {
  let s0 = source;
  let s1 = s0 + sourceStride;
  let s2 = s1 + sourceStride;
  let s3 = s2 + sourceStride;
  let p = 0;
  for (; p + 4 <= length; p += 4, s0 += 16, s1 += 16, s2 += 16, s3 += 16) {
    const x0 = v128.load(s0);
    const x1 = v128.load(s1);
    const x2 = v128.load(s2);
    const x3 = v128.load(s3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(out + outStride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store(out + 2 * outStride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
    v128.store(out + 3 * outStride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    out += 4 * outStride;
  }
  for (; p < length; p++, out += outStride, s0 += 4, s1 += 4, s2 += 4, s3 += 4) {
    store<f32>(out, load<f32>(s0));
    store<f32>(out, load<f32>(s1), 4);
    store<f32>(out, load<f32>(s2), 8);
    store<f32>(out, load<f32>(s3), 12);
  }
}
