// Standard normal numbers: NumPy's, bit for bit (test/fixtures/numpy-normal.py).

import { describe, expect, it, vi } from "vitest";
import { Engine, PCG64 } from "../../src/engine/index.ts";
import { standardNormal } from "../../src/engine/normal.ts";
import numpy from "../fixtures/numpy-normal.json" with { type: "json" };

const engine = await Engine.create();

describe("standardNormal", () => {
  it.each(numpy.first)("draws NumPy's numbers from seed %s, between others", (seed, expected) => {
    const random = new PCG64(engine, seed as number);
    const draw = () => standardNormal(random);
    const drawn = Array.from({ length: 8 }, draw);
    const between = [random.integer(1000), draw(), random.double()];
    expect([...drawn, ...between, draw(), draw(), draw()]).toEqual(expected);
  });

  it("draws 2,000,000 of them, and those of the tail, which take logarithms", async () => {
    const spies = (["exp", "log", "log1p", "pow"] as const).map((name) => vi.spyOn(Math, name));
    const random = new PCG64(engine, numpy.seed);
    const drawn = new Float64Array(numpy.count);
    for (let index = 0; index < drawn.length; index++) drawn[index] = standardNormal(random);
    const tail = drawn.filter((number) => Math.abs(number) > 3.654152885361009);
    expect(tail.length).toBeGreaterThan(400);
    expect([...tail]).toEqual(numpy.tail);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", drawn));
    expect(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(numpy.sha256);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("goes on after the memory has grown", () => {
    const other = new PCG64(engine, 3);
    const random = new PCG64(engine, 3);
    const expected = [standardNormal(other), standardNormal(other)];
    expect(standardNormal(random)).toBe(expected[0]);
    engine.allocate(2 ** 26, {});
    expect(standardNormal(random)).toBe(expected[1]);
  });
});
