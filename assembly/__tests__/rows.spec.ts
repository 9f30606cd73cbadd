import { copy, takeRows, zero } from "../rows";
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
