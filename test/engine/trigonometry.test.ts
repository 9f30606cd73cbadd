// sin and cos of float64 against mpmath: 2,107 arguments, among them the worst that a search of 48 million found
// (test/fixtures/trigonometry.py, trigonometry-worst.py).

import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/index.ts";
import anywhere from "../fixtures/trigonometry.json" with { type: "json" };
import worst from "../fixtures/trigonometry-worst.json" with { type: "json" };

/** Each exact value is the nearest float64 and the rest. */
type Row = [x: number, sin: number, sinRest: number, cos: number, cosRest: number];

const engine = await Engine.create();
const { sin, cos } = engine.kernels;
const rows = [...anywhere, ...worst] as Row[];

/** The distance from |x| to the next float64 above. */
function ulpOf(x: number): number {
  const exponent = Number((new BigUint64Array(Float64Array.of(x).buffer)[0]! >> 52n) & 0x7ffn);
  return 2 ** (Math.max(exponent, 1) - 1075);
}

const errorIn = (actual: number, nearest: number, rest: number) => Math.abs(actual - nearest - rest) / ulpOf(nearest);

describe("sin and cos", () => {
  it("are within 0.847 ULP, which is the largest error known", () => {
    const errors = rows.flatMap(([x, s, sRest, c, cRest]) => [errorIn(sin(x), s, sRest), errorIn(cos(x), c, cRest)]);
    expect(rows).toHaveLength(2107);
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.847);
    // The search found nothing worse; a better fit has to be searched anew.
    expect(Math.max(...errors)).toBeGreaterThan(0.846);
  });

  it("are within 0.75 ULP next to multiples of a quarter turn, where the reduction cancels the most", () => {
    const near = rows.filter(([x, s, , c]) => x !== 0 && Math.min(Math.abs(s), Math.abs(c)) < 1e-10);
    expect(near.length).toBeGreaterThan(500);
    const errors = near.flatMap(([x, s, sRest, c, cRest]) => [errorIn(sin(x), s, sRest), errorIn(cos(x), c, cRest)]);
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.75);
  });

  it("of arguments below 2^-27 are the argument and 1, subnormal ones included", () => {
    // x - x³ / 6 and 1 - x² / 2 round to those.
    const tiny = rows.map(([x]) => x).filter((x) => Math.abs(x) < 2 ** -27);
    expect(tiny.filter((x) => Math.abs(x) < 2 ** -1022).length).toBeGreaterThan(15);
    for (const x of [...tiny, -0, -(2 ** -1074)]) expect([sin(x), cos(x)]).toEqual([x, 1]);
  });

  it("are odd and even, to the bit", () => {
    for (const [x] of rows) expect([sin(-x), cos(-x)]).toEqual([-sin(x), cos(x)]);
  });

  it("are NaN beyond 205,887 and for what is no number", () => {
    const above = 205887 + 2 ** -35;
    expect([sin, cos].map((f) => Number.isFinite(f(205887)) && Number.isFinite(f(-205887)))).toEqual([true, true]);
    for (const x of [above, -above, 1e9, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN]) {
      expect([sin(x), cos(x)]).toEqual([Number.NaN, Number.NaN]);
    }
  });
});
