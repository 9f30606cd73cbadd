// What this engine's WebAssembly can do, asked by validating the smallest module that uses it.

function validates(...sections: number[]): boolean {
  return (
    typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections]))
  );
}

/** 128-bit SIMD: a function that returns i8x16.popcnt(i8x16.splat(0)). */
export function hasSimd(): boolean {
  return validates(1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);
}

/** Relaxed SIMD: a function that returns i8x16.relaxed_swizzle of two splats. */
export function hasRelaxedSimd(): boolean {
  const body = [65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11];
  return validates(1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, ...body);
}
