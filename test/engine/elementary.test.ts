// exp, log, tanh, sigmoid, ELU and SiLU hold the errors that tools/fit/ulp.json publishes. The table is of all 2^32
// float32 (tools/fit/ulp.mjs); here are a quarter of a million of them, spread over every exponent, and the recorded
// worst ones.

import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { hasRelaxedSimd } from "../../src/engine/features.ts";
import { references, ulpError } from "../../tools/fit/reference.mjs";
import table from "../../tools/fit/ulp.json" with { type: "json" };

type Name = keyof typeof table;
const names = Object.keys(table) as Name[];

/** Prime, so that mantissas differ from one exponent to the next. */
const STRIDE = 16411;

async function evaluate(engine: Engine, name: Name, bits: Uint32Array): Promise<{ x: Float32Array; y: Float32Array }> {
  const owner = {};
  const input = engine.allocate(bits.byteLength, owner);
  const output = engine.allocate(bits.byteLength, owner);
  new Uint32Array(engine.memory.buffer, input, bits.length).set(bits);
  engine.kernels[name](output, input, bits.length);
  // Copies: `owner` ends here, and with it the memory may be given away.
  const [x, y] = [input, output].map((address) => engine.view("float32", address, bits.length).slice());
  return { x: x as Float32Array, y: y as Float32Array };
}

const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;

for (const variant of ["strict", "fma"] as const) {
  describe.skipIf(variant === "fma" && !hasRelaxedSimd())(`${variant} kernels`, () => {
    for (const name of names) {
      // Relaxed SIMD may round twice where the processor does not fuse, which is what the strict module does.
      const limit = Math.max(table[name].strict.ulp, table[name][variant].ulp);

      it(`${name}: at most ${limit} ULP`, async () => {
        const engine = await Engine.create({ kernels: variant });
        const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / STRIDE) }, (_, i) => i * STRIDE);
        const { x, y } = await evaluate(engine, name, bits);
        let worst = 0;
        let at = 0;
        for (let i = 0; i < x.length; i++) {
          const error = ulpError(y[i]!, references[name]!(x[i]!));
          if (error > worst) {
            worst = error;
            at = x[i]!;
          }
        }
        expect(worst, `at ${at}`).toBeLessThanOrEqual(limit);
        expect(worst).toBeGreaterThan(0.5);
      });

      it(`${name}: the recorded worst inputs`, async () => {
        const engine = await Engine.create({ kernels: variant });
        const entry = table[name];
        const { x, y } = await evaluate(engine, name, Uint32Array.of(Number(entry.strict.at), Number(entry.fma.at)));
        const errors = Array.from(x, (value, i) => ulpError(y[i]!, references[name]!(value)));
        for (const error of errors) expect(error).toBeLessThanOrEqual(limit);
        if (variant === "strict") expect(errors[0]).toBeCloseTo(entry.strict.ulp, 3);
      });
    }

    it("the value does not depend on its place in the array or on the array's length", async () => {
      const engine = await Engine.create({ kernels: variant });
      const bits = Uint32Array.from({ length: 67 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0);
      for (const name of names) {
        const all = (await evaluate(engine, name, bits)).y;
        for (const [start, end] of [
          [1, 67],
          [2, 7],
          [3, 4],
          [5, 66],
        ] as const) {
          const part = (await evaluate(engine, name, bits.slice(start, end))).y;
          expect(Array.from(part, bitsOf), `${name} of ${start}..${end}`).toEqual(
            Array.from(all.subarray(start, end), bitsOf),
          );
        }
      }
    });

    it("special values", async () => {
      const engine = await Engine.create({ kernels: variant });
      const x = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN];
      const expected: Record<Name, number[]> = {
        exp: [1, 1, Math.fround(Math.E), Math.fround(1 / Math.E), Infinity, 0, Number.NaN],
        log: [-Infinity, -Infinity, 0, Number.NaN, Infinity, Number.NaN, Number.NaN],
        tanh: [0, -0, Math.fround(Math.tanh(1)), -Math.fround(Math.tanh(1)), 1, -1, Number.NaN],
        sigmoid: [0.5, 0.5, Math.fround(1 / (1 + Math.exp(-1))), Math.fround(1 / (1 + Math.E)), 1, 0, Number.NaN],
        elu: [0, -0, 1, Math.fround(Math.expm1(-1)), Infinity, -1, Number.NaN],
        silu: [0, -0, Math.fround(1 / (1 + Math.exp(-1))), -Math.fround(1 / (1 + Math.E)), Infinity, -0, Number.NaN],
      };
      for (const name of names) {
        const { y } = await evaluate(engine, name, Uint32Array.from(x, bitsOf));
        for (let i = 0; i < x.length; i++) {
          if (Math.abs(x[i]!) === 1) expect(ulpError(y[i]!, expected[name][i]!), `${name}(${x[i]})`).toBeLessThan(3);
          else expect(y[i], `${name}(${x[i]})`).toBe(expected[name][i]);
        }
      }
    });
  });
}
