// The table of float constants. V8 builds an f32x4.splat(literal) anew wherever it is used, inside the loop; loading it
// instead makes tanh a fifth faster. A data segment would do, but a shared memory must not have one: each worker that
// instantiates the module would write it again. So JavaScript leaves bytes 0 to 4095 of the memory to this table and
// calls `initialize` once. The names below are addresses, known when compiling; each constant is 16 bytes, four equal
// lanes.

// Bytes 0 to 63 stay zero.
export const ONE: usize = 64;
export const TWO: usize = 80;
export const HALF: usize = 96;
export const SIGN: usize = 112;

export const LOG2_E: usize = 128;
export const LN2: usize = 144;
export const LN2_HIGH: usize = 160;
export const LN2_LOW: usize = 176;

export const EXP_2: usize = 192;
export const EXP_3: usize = 208;
export const EXP_4: usize = 224;
export const EXP_5: usize = 240;
export const EXP_6: usize = 256;
export const EXP_LOWEST: usize = 272;
export const EXP_HIGHEST: usize = 288;
export const EXP_ROUND: usize = 304;

export const LOG_1: usize = 320;
export const LOG_2: usize = 336;
export const LOG_3: usize = 352;
export const LOG_SQRT_HALF: usize = 368;
export const LOG_NORMAL: usize = 384;
export const LOG_SPECIAL: usize = 400;

export const TANH_3: usize = 416;
export const TANH_5: usize = 432;
export const TANH_7: usize = 448;
export const TANH_9: usize = 464;
export const TANH_11: usize = 480;
export const TANH_LIMIT: usize = 496;
export const TANH_HIGHEST: usize = 512;
export const TANH_ROUND: usize = 528;

export const SIGMOID_ROUND: usize = 544;
export const SIGMOID_UNSCALE: usize = 560;

export const ELU_LOWEST: usize = 576;
export const SILU_LOWEST: usize = 592;

function put(address: usize, value: f32): void {
  v128.store(address, f32x4.splat(value));
}

function putBits(address: usize, value: i32): void {
  v128.store(address, i32x4.splat(value));
}

/** Writes the table. JavaScript calls it once for a memory, before any other kernel. */
export function initialize(): void {
  put(ONE, 1);
  put(TWO, 2);
  put(HALF, 0.5);
  putBits(SIGN, 0x80000000);

  // ln 2 also in two parts; the high one has 16 bits, so that its product with an exponent is exact.
  put(LOG2_E, 1.442695022);
  put(LN2, 0.6931471825);
  put(LN2_HIGH, 0.693145752);
  put(LN2_LOW, 1.428606765e-6);

  // EXP_2 to EXP_6, LOG_1 to LOG_3 and TANH_3 to TANH_11 are coefficients of the powers they are named after:
  // tools/fit/fit.py.
  put(EXP_2, 0.4999999404);
  put(EXP_3, 0.1666651666);
  put(EXP_4, 0.04166810215);
  put(EXP_5, 0.008369192481);
  put(EXP_6, 0.001383890165);
  // exp is 0 below -103.98 and infinite above 88.73.
  put(EXP_LOWEST, -104);
  put(EXP_HIGHEST, 89);
  // 1.5 * 2^23, which rounds to an integer, + twice the exponent's bias
  put(EXP_ROUND, 12583166);

  put(LOG_1, 0.6666677594);
  put(LOG_2, 0.3997758627);
  put(LOG_3, 0.2987069488);
  putBits(LOG_SQRT_HALF, 0x3f3504f3);
  // x is normal, positive and finite exactly when bits(x) + LOG_NORMAL, signed, is at most LOG_SPECIAL.
  putBits(LOG_NORMAL, 0x7f800000);
  putBits(LOG_SPECIAL, 0xfeffffff);

  put(TANH_3, -0.3333319128);
  put(TANH_5, 0.133291319);
  put(TANH_7, -0.05355996266);
  put(TANH_9, 0.02009433508);
  put(TANH_11, -0.005140463356);
  put(TANH_LIMIT, 0.7);
  // tanh is 1 above 9.02
  put(TANH_HIGHEST, 10);
  put(TANH_ROUND, 12583039); // 1.5 * 2^23 + 127

  put(SIGMOID_ROUND, 12583103); // 1.5 * 2^23 + 127 + 64
  put(SIGMOID_UNSCALE, 5.421010862427522e-20); // 2^-64

  // ELU is -1 below -17.33, and SiLU 0 below -108.65.
  put(ELU_LOWEST, -20);
  put(SILU_LOWEST, -110);
}
