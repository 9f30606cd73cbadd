// The engine: what it needs of WebAssembly, and the heap of its memory.

import { afterEach, describe, expect, it, vi } from "vitest";
import { Engine, hasRelaxedSimd, hasSimd, UnsupportedError } from "../../src/engine/index.ts";
import { nearest, suggestion } from "../../src/engine/nearest.ts";

afterEach(() => vi.restoreAllMocks());

describe("an engine", () => {
  it("says what it cannot run on", async () => {
    expect(hasSimd()).toBe(true);
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect([hasSimd(), hasRelaxedSimd()]).toEqual([false, false]);
    await expect(Engine.create()).rejects.toThrow(
      new UnsupportedError(
        "WebAssembly SIMD is missing in this engine: Node 20, Chrome 91, Firefox 89, Safari 16.4 or later have it",
      ),
    );
    vi.restoreAllMocks();
    vi.spyOn(WebAssembly, "validate").mockReturnValueOnce(true).mockReturnValueOnce(false);
    await expect(Engine.create({ kernels: "fma" })).rejects.toThrow(/^kernels "fma": this engine has no relaxed SIMD/);
  });

  it("has a memory of its own", async () => {
    const [a, b] = [await Engine.create(), await Engine.create()];
    expect(a.memory).not.toBe(b.memory);
    expect(a.variant).toBe("strict");
  });
});

describe("the heap", () => {
  it("gives zeroed blocks at multiples of 64 that do not overlap, and grows when it has to", async () => {
    const engine = await Engine.create();
    const owner = {};
    const blocks = Array.from({ length: 200 }, (_, index) => {
      const bytes = (index * 977) % 30_000;
      const address = engine.allocate(bytes, owner);
      const view = engine.uint8(address, bytes);
      expect(address % 64).toBe(0);
      expect(view.every((byte) => byte === 0)).toBe(true);
      view.fill(index + 1);
      return { address, bytes };
    });
    for (const [index, { address, bytes }] of blocks.entries()) {
      expect(engine.uint8(address, bytes).every((byte) => byte === ((index + 1) & 255))).toBe(true);
    }
    // The first 64 bytes are zeros that kernels read as a bias.
    expect(engine.uint8(0, 64).every((byte) => byte === 0)).toBe(true);
  });

  it("takes a block back once its owner is collected", async () => {
    const engine = await Engine.create();
    const bytes = 1 << 20;
    const sizes = new Set<number>();
    for (let round = 0; round < 30; round++) {
      const address = engine.allocate(bytes, {});
      // Zeros again, whatever the owner before left there.
      expect(engine.uint8(address, bytes).indexOf(7)).toBe(-1);
      engine.uint8(address, bytes).fill(7);
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 1));
      sizes.add(engine.memory.buffer.byteLength);
    }
    // Thirty of them would not fit.
    expect(Math.max(...sizes)).toBeLessThan(8 * bytes);
  });
});

describe("the name that was probably meant", () => {
  const names = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0"];

  it("is the nearest one, if it is near", () => {
    expect(nearest("cartpole-v1", names)).toBe("CartPole-v1");
    expect(nearest("Pendulum", names)).toBe("Pendulum-v1");
    expect(nearest("Pong", names)).toBeUndefined();
    expect(nearest("", names)).toBeUndefined();
  });

  it("is asked for, or all are listed", () => {
    expect(suggestion("CartPole", names)).toBe("did you mean CartPole-v1?");
    expect(suggestion("Go", names)).toBe("there are: CartPole-v1, Pendulum-v1, MountainCar-v0");
  });
});
