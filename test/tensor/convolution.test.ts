// The convolution as an operator: bytes, batches, and what it refuses. Its numbers are those of test/gradients, and of
// assembly/__tests__/convolution.spec.ts.

import { describe, expect, it } from "vitest";
import { hasRelaxedSimd } from "../../src/engine/features.ts";
import { ConfigurationError, Engine, ShapeError } from "../../src/engine/index.ts";
import {
  type ConvolutionOptions,
  convolution,
  float32,
  program,
  type Shape,
  sum,
  Tensor,
  uint8,
  zeros,
} from "../../src/tensor/index.ts";
import { fraction } from "../gradients/inputs.ts";

const engine = await Engine.create();

function filled(own: Engine, shape: Shape, salt: number): Tensor {
  const tensor = zeros(own, float32(shape));
  return tensor.set(Array.from({ length: tensor.size }, (_, index) => 2 * fraction(index, salt) - 1));
}

/** Output, and the gradients of its sum by weight and bias, of a convolution of images given as bytes or floats. */
function computed(own: Engine, images: Tensor<"uint8" | "float32">, options: ConvolutionOptions) {
  const parameters = [filled(own, [4, 3, 5, 7], 1), filled(own, [7], 2)].map(
    ({ shape, storage }) => new Tensor(own, float32(shape), { storage, requiresGradient: true }),
  ) as [Tensor, Tensor];
  const gradients = parameters.map(({ shape }) => zeros(own, float32(shape)));
  const body = () => {
    const output = convolution(images, ...parameters, options);
    return { output, loss: sum(output) };
  };
  const run = program(own, {}, body, { differentiate: { tensors: parameters, gradients } });
  run.run();
  return { output: run.outputs.output, all: [run.outputs.output, ...gradients].map(({ data }) => data.slice()) };
}

for (const variant of ["strict", "fma"] as const) {
  describe.skipIf(variant === "fma" && !hasRelaxedSimd())(`convolution, ${variant} kernels`, async () => {
    const own = variant === "fma" && !hasRelaxedSimd() ? engine : await Engine.create({ kernels: variant });
    const shape = [3, 11, 10, 5] as const;
    const pixels = Array.from({ length: 3 * 11 * 10 * 5 }, (_, index) => (7 * index) % 256);
    const bytes = zeros(own, uint8(shape)).set(pixels);
    const floats = zeros(own, float32(shape)).set(pixels.map((pixel) => Math.fround(pixel / 255)));

    it.each<ConvolutionOptions>([{}, { stride: 2, padding: 2, activation: "tanh" }, { stride: 3, activation: "relu" }])(
      "takes bytes as the fractions of 255 nearest to them: %o",
      (options) => {
        expect(computed(own, bytes, options).all).toEqual(computed(own, floats, options).all);
      },
    );

    it("gives an image the same bits in any batch", () => {
      const options = { stride: 2, padding: 1, activation: "tanh" } as const;
      const whole = computed(own, bytes, options).output;
      for (const batch of [1, 2, 40]) {
        const some = zeros(own, uint8([batch, ...shape.slice(1)]));
        for (let index = 0; index < batch; index++)
          some.data.set(bytes.data.subarray(index % 3 === 0 ? 0 : 550, index % 3 === 0 ? 550 : 1100), 550 * index);
        const { output } = computed(own, some, options);
        const each = output.size / batch;
        expect(output.shape).toEqual([batch, 5, 5, 7]);
        for (let index = 0; index < batch; index++) {
          const from = index % 3 === 0 ? 0 : each;
          expect(output.data.slice(index * each, (index + 1) * each)).toEqual(whole.data.slice(from, from + each));
        }
      }
    });
  });
}

describe("convolution", () => {
  const attempt = (
    x: Shape,
    weight: Shape,
    bias: Shape,
    options: object = {},
    dtype: "float32" | "int32" = "float32",
  ) =>
    program(engine, {}, () => {
      const images = zeros(engine, { shape: x, dtype }) as Tensor;
      return { y: convolution(images, zeros(engine, float32(weight)), zeros(engine, float32(bias)), options) };
    }).outputs.y.shape;

  it("has a position wherever a whole kernel fits", () => {
    expect(attempt([2, 84, 84, 4], [8, 8, 4, 32], [32], { stride: 4 })).toEqual([2, 20, 20, 32]);
    expect(attempt([2, 20, 21, 3], [4, 4, 3, 6], [6], { stride: 2 })).toEqual([2, 9, 9, 6]);
    expect(attempt([1, 8, 7, 1], [3, 3, 1, 1], [1], { padding: 1 })).toEqual([1, 8, 7, 1]);
    expect(attempt([1, 1, 1, 2], [3, 3, 2, 1], [1], { padding: 1, stride: 5 })).toEqual([1, 1, 1, 1]);
  });

  it.each<[Parameters<typeof attempt>, Error]>([
    [
      [[2, 5, 3], [3, 3, 3, 4], [4]],
      new ShapeError(
        "convolution: [2, 5, 3] with weight [3, 3, 3, 4]: images have to be [batch, height, width, channels]",
      ),
    ],
    [
      [[2, 5, 5, 3], [9, 4], [4]],
      new ShapeError(
        "convolution: [2, 5, 5, 3] with weight [9, 4]: a weight has to be [kernel height, kernel width, channels, filters]",
      ),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 0], [0]],
      new ShapeError(
        "convolution: [2, 5, 5, 3] with weight [3, 3, 3, 0]: a weight has to be [kernel height, kernel width, channels, filters]",
      ),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 2, 4], [4]],
      new ShapeError("convolution: [2, 5, 5, 3] with weight [3, 3, 2, 4]: 3 and 2 channels differ"),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 4], [3]],
      new ShapeError("convolution: [2, 5, 5, 3] with weight [3, 3, 3, 4]: bias [3] for 4 filters; it has to be [4]"),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 4], [4], {}, "int32"],
      new ShapeError("convolution: int32 [2, 5, 5, 3] with weight [3, 3, 3, 4]: images have to be float32 or uint8"),
    ],
    [
      [[2, 5, 4, 3], [3, 5, 3, 4], [4]],
      new ShapeError("convolution: an image [5, 4, 3] is smaller than a kernel of 3 x 5"),
    ],
    [
      [[2, 2, 1, 3], [5, 5, 3, 4], [4], { padding: 1 }],
      new ShapeError("convolution: an image [2, 1, 3] is smaller than a kernel of 5 x 5, padding of 1 included"),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 4], [4], { stride: 0 }],
      new ConfigurationError("convolution: stride: 0 is not an integer of at least 1"),
    ],
    [
      [[2, 5, 5, 3], [3, 2, 3, 4], [4], { padding: 2 }],
      new ConfigurationError("convolution: padding: 2 is not an integer from 0 to 1"),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 4], [4], { strides: 2 }],
      new ConfigurationError("convolution: there is no option strides; did you mean stride?"),
    ],
    [
      [[2, 5, 5, 3], [3, 3, 3, 4], [4], { activation: "gelu" }],
      new ShapeError("convolution: activation gelu; it has to be none or tanh or relu or elu or silu"),
    ],
  ])("refuses %j", (given, error) => {
    expect(() => attempt(...given)).toThrow(error);
  });
});
