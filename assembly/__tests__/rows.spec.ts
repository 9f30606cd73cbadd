import { copy, fill, takeRows, zero } from "../rows";
import { damage, differences, get, getInt, putInt, reset, same, scalar, specials, words } from "./support";

describe("takeRows", () => {
  it("copies the bits of rows of any width, in any order, more than once", () => {
    let count = 0;
    for (let width = 0; width <= 70; width++) {
      reset();
      const n = 1 + (width % 7);
      const x = specials(5 * width, width);
      const indices = words(n);
      for (let i = 0; i < n; i++) putInt(indices, i, (i * 3 + width) % 5);
      const out = words(n * width);
      takeRows(out, x, indices, n, width);
      for (let i = 0; i < n; i++) {
        for (let c = 0; c < width; c++) {
          const bits = getInt(x, getInt(indices, i) * width + c);
          if (getInt(out, i * width + c) != bits) count++;
        }
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("takes no rows, and many", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const x = specials(70 * 3, n);
      const indices = words(n);
      for (let i = 0; i < n; i++) putInt(indices, i, 69 - i);
      const out = words(n * 3);
      takeRows(out, x, indices, n, 3);
      for (let i = 0; i < n; i++) count += differences(out + i * 12, x + (69 - i) * 12, 3);
      count += damage();
    }
    expect(count).toBe(0);
  });
});

describe("copy, zero and fill", () => {
  it("write so many words and no more", () => {
    let count = 0;
    for (let n = 0; n <= 70; n++) {
      reset();
      const x = specials(n, n);
      const copied = words(n);
      const zeroed = words(n);
      const filled = words(n);
      copy(copied, x, n);
      zero(zeroed, n);
      fill(filled, scalar(-0.0), n);
      count += damage();
      for (let i = 0; i < n; i++) {
        // A copy has the bits of a NaN too, and may be of integers.
        if (getInt(copied, i) != getInt(x, i)) count++;
        if (getInt(zeroed, i) != 0) count++;
        if (!same(get(filled, i), -0.0)) count++;
      }
    }
    expect(count).toBe(0);
  });

  it("fill with the bits of an integer", () => {
    reset();
    const value = words(1);
    const out = words(5);
    putInt(value, 0, 0x7fa12345);
    fill(out, value, 5);
    expect(getInt(out, 0)).toBe(0x7fa12345);
    expect(getInt(out, 4)).toBe(0x7fa12345);
  });
});
