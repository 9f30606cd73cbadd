import { copy, copyStrided, takeRows, zero } from "../rows";
import { bytes, damage, differences, getByte, getInt, putByte, putInt, reset, specials, words } from "./support";

/** n bytes, no two neighbours alike. */
function counted(n: i32): usize {
  const start = bytes(n);
  for (let i = 0; i < n; i++) putByte(start, i, (7 * i + 3) & 255);
  return start;
}

describe("takeRows", () => {
  it("copies rows of any number of bytes, in any order, more than once", () => {
    let count = 0;
    for (let width = 0; width <= 70; width++) {
      reset();
      const n = 1 + (width % 7);
      const x = counted(5 * width);
      const indices = words(n);
      for (let i = 0; i < n; i++) putInt(indices, i, (i * 3 + width) % 5);
      const out = bytes(n * width);
      takeRows(out, x, indices, n, width);
      for (let i = 0; i < n; i++) {
        for (let b = 0; b < width; b++) {
          if (getByte(out, i * width + b) != getByte(x, getInt(indices, i) * width + b)) count++;
        }
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("takes no rows, and many, with the bits of a NaN as they are", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const x = specials(70 * 3, n);
      const indices = words(n);
      for (let i = 0; i < n; i++) putInt(indices, i, 69 - i);
      const out = words(n * 3);
      takeRows(out, x, indices, n, 12);
      for (let i = 0; i < n; i++) count += differences(out + i * 12, x + (69 - i) * 12, 3);
      count += damage();
    }
    expect(count).toBe(0);
  });
});

describe("copy and zero", () => {
  it("write so many bytes and no more", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const x = counted(n);
      const copied = bytes(n);
      const zeroed = bytes(n);
      copy(copied, x, n);
      zero(zeroed, n);
      count += damage();
      for (let i = 0; i < n; i++) {
        if (getByte(copied, i) != getByte(x, i)) count++;
        if (getByte(zeroed, i) != 0) count++;
      }
    }
    expect(count).toBe(0);
  });
});

/** An axis of a layout, at its place there. */
function axis(layout: usize, index: i32, size: i32, out: i32, x: i32): void {
  putInt(layout, 3 * index, size);
  putInt(layout, 3 * index + 1, out);
  putInt(layout, 3 * index + 2, x);
}

describe("copyStrided", () => {
  it("transposes elements of any number of bytes, with their bits as they are", () => {
    let count = 0;
    for (let width = 1; width <= 20; width++) {
      for (let rows = 0; rows <= 9; rows++) {
        const columns = 1 + ((rows + width) % 5);
        reset();
        const x = counted(rows * columns * width);
        const out = bytes(rows * columns * width);
        const layout = words(6);
        axis(layout, 0, columns, rows * width, width);
        axis(layout, 1, rows, width, columns * width);
        copyStrided(out, x, 0, 0, layout, 2, width);
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            for (let b = 0; b < width; b++) {
              if (getByte(out, (c * rows + r) * width + b) != getByte(x, (r * columns + c) * width + b)) count++;
            }
          }
        }
        count += damage();
      }
    }
    expect(count).toBe(0);
  });

  it("begins at its offsets, and writes nothing between the runs", () => {
    let count = 0;
    for (let width = 3; width <= 5; width++) {
      reset();
      const x = counted(100);
      const out = bytes(100);
      for (let b = 0; b < 100; b++) putByte(out, b, 255);
      const layout = words(6);
      axis(layout, 0, 2, 40, 33);
      axis(layout, 1, 3, 10, 7);
      copyStrided(out, x, 6, 11, layout, 2, width);
      for (let b = 0; b < 100; b++) {
        const r = (b - 6) / 40;
        const c = ((b - 6) % 40) / 10;
        const within = b >= 6 && r < 2 && c < 3 && (b - 6) % 10 < width;
        const expected = within ? getByte(x, 11 + 33 * r + 7 * c + ((b - 6) % 10)) : 255;
        if (getByte(out, b) != expected) count++;
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("repeats what does not advance, goes backwards, and goes through any number of axes", () => {
    reset();
    const x = counted(4);
    const out = bytes(64);
    const layout = words(18);
    for (let a = 0; a < 6; a++) axis(layout, a, 2, 32 >> a, a == 4 ? -2 : a == 5 ? -1 : 0);
    copyStrided(out, x, 0, 3, layout, 6, 1);
    let count = damage();
    for (let b = 0; b < 64; b++) if (getByte(out, b) != getByte(x, 3 - (b & 3))) count++;
    expect(count).toBe(0);
  });

  it("copies one run where there are no axes, and nothing along an axis of none", () => {
    reset();
    const x = specials(7, 1);
    const out = words(7);
    const layout = words(6);
    copyStrided(out, x, 0, 0, layout, 0, 28);
    expect(differences(out, x, 7)).toBe(0);
    axis(layout, 0, 3, 4, 4);
    axis(layout, 1, 0, 4, 4);
    zero(out, 28);
    copyStrided(out, x, 0, 0, layout, 2, 4);
    for (let i = 0; i < 7; i++) expect(getInt(out, i)).toBe(0);
    expect(damage()).toBe(0);
  });
});
