// Which module runs, and what an engine has to have for it.

import { afterEach, describe, expect, it, vi } from "vitest";
import { wasm as fma } from "../../src/engine/generated/fma.ts";
import { wasm as strict } from "../../src/engine/generated/strict.ts";
import { ConfigurationError, Engine, hasRelaxedSimd, hasSimd, UnsupportedError } from "../../src/engine/index.ts";
import { bytesOf } from "../../src/engine/kernel-text.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/**
 * -(1 + 2^-11) + (1 + 2^-12)² as a matrix product of inner size 2: 0 where the square is rounded before it is added,
 * 2^-24 where not.
 */
function productError(engine: Engine): number {
  const owner = {};
  const [out, a, b] = [0, 1, 2].map(() => engine.allocate(64, owner)) as [number, number, number];
  engine.view("float32", a, 2).set([1, 1 + 2 ** -12]);
  engine.view("float32", b, 2).set([-1 - 2 ** -11, 1 + 2 ** -12]);
  const scratch = engine.allocate(engine.kernels.matmulScratch(2, 1), owner);
  // The zeros at address 0 are the bias.
  engine.kernels.matmul(out, a, b, 0, 1, 2, 1, 0, scratch);
  return engine.view("float32", out, 1)[0] as number;
}

describe("the kernels", () => {
  it("are known to run exactly where their module is valid", () => {
    expect(hasSimd()).toBe(WebAssembly.validate(bytesOf(strict)));
    expect(hasRelaxedSimd()).toBe(WebAssembly.validate(bytesOf(fma)));
  });

  it("multiply, then add, unless told otherwise", async () => {
    const engine = await Engine.create();
    expect(engine.variant).toBe("strict");
    expect(productError(engine)).toBe(0);
  });

  it.skipIf(!hasRelaxedSimd())("are of the other module where it is asked for by name, compiled once", async () => {
    const compile = vi.spyOn(WebAssembly, "compile");
    const engines = [await Engine.create({ kernels: "fma" }), await Engine.create({ kernels: "fma" })];
    expect(engines.map(({ variant }) => variant)).toEqual(["fma", "fma"]);
    expect(compile.mock.calls).toEqual([[bytesOf(fma)]]);
    // Relaxed: rounded once or twice, as the processor does it.
    expect([0, 2 ** -24]).toContain(productError(engines[0] as Engine));
  });

  it("are refused under another name", async () => {
    await expect(Engine.create({ kernels: "avx" as "fma" })).rejects.toThrow(
      new ConfigurationError('kernels: "avx" is not strict or fma'),
    );
  });

  it("are refused without SIMD, with the versions that have it", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    for (const kernels of ["strict", "fma"] as const) {
      await expect(Engine.create({ kernels })).rejects.toThrow(
        new UnsupportedError(
          "WebAssembly SIMD is missing in this engine: Node 20.19, Chrome 94, Firefox 93, Safari 16.4 or later are needed",
        ),
      );
    }
  });

  it("are refused where there is no WebAssembly at all", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect([hasSimd(), hasRelaxedSimd()]).toEqual([false, false]);
    await expect(Engine.create()).rejects.toThrow(UnsupportedError);
  });

  it("that fuse are refused without relaxed SIMD, with what to use instead", async () => {
    const validate = WebAssembly.validate;
    // An engine with SIMD that does not know its relaxed part.
    const relaxed = (bytes: BufferSource) => new Uint8Array(bytes as ArrayBuffer).join().includes("253,128,2");
    vi.spyOn(WebAssembly, "validate").mockImplementation((bytes) => !relaxed(bytes) && validate(bytes));
    expect([hasSimd(), hasRelaxedSimd()]).toEqual([true, false]);
    await expect(Engine.create({ kernels: "fma" })).rejects.toThrow(
      new UnsupportedError(
        'kernels "fma": this engine has no relaxed SIMD (Node 22, Chrome 114, Firefox 145 or later have it); "strict" runs everywhere',
      ),
    );
    expect((await Engine.create()).variant).toBe("strict");
  });
});
