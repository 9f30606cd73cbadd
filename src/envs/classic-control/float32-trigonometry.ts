// Sine and cosine of float32 as NumPy 2 has them on processors that multiply and add in one: its own polynomials in
// float32, which once in a thousand times are not the nearest float32.

/** a b + c, rounded once: the product of two float32 is exact in float64. */
function multiplyAdd(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

/** sin(x) for a float32 below an eighth of a turn. */
export function sineOfFloat32(x: number): number {
  const square = Math.fround(x * x);
  let sum = multiplyAdd(2.8404097065504175e-6, square, -0.00019856491417158395);
  sum = multiplyAdd(sum, square, 0.008333397097885609);
  sum = multiplyAdd(sum, square, -0.1666666716337204);
  return multiplyAdd(Math.fround(sum * square), x, x);
}

/** cos(x) for a float32 below an eighth of a turn. */
export function cosineOfFloat32(x: number): number {
  const square = Math.fround(x * x);
  let sum = multiplyAdd(2.4372266125283204e-5, square, -0.001388652017340064);
  sum = multiplyAdd(sum, square, 0.04166661947965622);
  sum = multiplyAdd(sum, square, -0.5);
  return multiplyAdd(sum, square, 1);
}
