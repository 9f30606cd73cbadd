// Layers of images and the networks that are made of them.

import { describe, expect, it } from "vitest";
import { ConfigurationError, Engine, ShapeError, Stream } from "../../src/engine/index.ts";
import { networkFor } from "../../src/nn/all-makers.ts";
import { Convolution, natureCnn, Parameters, smallCnn } from "../../src/nn/index.ts";
import { Box } from "../../src/spaces/index.ts";
import { float32, program, type Tensor, uint8, zeros } from "../../src/tensor/index.ts";

const engine = await Engine.create();

function declared<T>(declare: (parameters: Parameters) => T, isInitialized = true) {
  const parameters = new Parameters(engine);
  const layer = declare(parameters);
  if (isInitialized) parameters.initialize(new Stream(engine, 3, "initialization"));
  return { parameters, layer };
}

describe("Convolution", () => {
  it("begins with filters that are orthogonal, with gain √2, and biases of 0", () => {
    const { parameters, layer } = declared((own) => new Convolution(own, "first", [9, 9, 5], { filters: 6, size: 3 }));
    expect(parameters.names).toEqual(["first.weight", "first.bias"]);
    expect(layer.weight.shape).toEqual([3, 3, 5, 6]);
    expect([...layer.bias.data]).toEqual(Array(6).fill(0));
    const { data } = layer.weight;
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let row = 0; row < 45; row++) product += (data[6 * row + a] as number) * (data[6 * row + b] as number);
        // Rounding to float32 moves elements by 2^-24 of themselves at most, and so a product by twice that.
        expect(Math.abs(product - (a === b ? 2 : 0))).toBeLessThanOrEqual(2 * 2 ** -23);
      }
    }
  });

  it("says what comes out of an image", () => {
    const shapeOf = (layer: ConstructorParameters<typeof Convolution>[3]) =>
      declared((own) => new Convolution(own, "c", [10, 9, 4], layer), false).layer.shape;
    expect(shapeOf({ filters: 7, size: 3 })).toEqual([8, 7, 7]);
    expect(shapeOf({ filters: 7, size: 3, padding: 1 })).toEqual([10, 9, 7]);
    expect(shapeOf({ filters: 1, size: 4, stride: 3, padding: 1 })).toEqual([3, 3, 1]);
  });

  it("passes stride, padding and activation on", () => {
    const options = { filters: 3, size: 3, stride: 2, padding: 1, activation: "relu" } as const;
    const { layer } = declared((own) => new Convolution(own, "c", [5, 5, 2], options));
    const { outputs, run } = program(engine, { x: float32([2, 5, 5, 2]) }, ({ x }) => ({ y: layer.forward(x) }));
    layer.bias.data.fill(-1);
    run();
    expect(outputs.y.shape).toEqual([2, ...layer.shape]);
    expect([...outputs.y.data]).toEqual(Array(2 * 3 * 3 * 3).fill(0));
  });

  it.each<[ConstructorParameters<typeof Convolution>[2], object, Error]>([
    [
      [9, 9],
      { filters: 2, size: 3 },
      new ConfigurationError("Convolution c: images [9, 9]; they have to be [height, width, channels]"),
    ],
    [
      [9, 9, 1],
      { filters: 0, size: 3 },
      new ConfigurationError("Convolution c: filters: 0 is not an integer of at least 1"),
    ],
    [
      [9, 9, 1],
      { filters: 2, size: 1.5 },
      new ConfigurationError("Convolution c: size: 1.5 is not an integer of at least 1"),
    ],
    [
      [9, 9, 1],
      { filters: 2, size: 3, pading: 1 },
      new ConfigurationError("Convolution c: there is no option pading; did you mean padding?"),
    ],
    [
      [9, 2, 1],
      { filters: 2, size: 3 },
      new ShapeError("Convolution c: an image [9, 2, 1] is smaller than a kernel of 3 x 3"),
    ],
  ])("refuses images %j with %j", (image, layer, error) => {
    expect(() => declared((own) => new Convolution(own, "c", image, layer as never))).toThrow(error);
  });
});

describe("networks of convolutions", () => {
  it("are that of Mnih et al. (2015) for frames of Atari", () => {
    const { parameters, layer } = declared((own) => natureCnn(own, "trunk", [84, 84, 4]), false);
    expect(parameters.names).toEqual(
      ["0", "1", "2", "3"].flatMap((index) => [`trunk.${index}.weight`, `trunk.${index}.bias`]),
    );
    expect(parameters.tensors.map(({ shape }) => shape)).toEqual([
      ...[[8, 8, 4, 32], [32], [4, 4, 32, 64], [64], [3, 3, 64, 64], [64]],
      ...[[3136, 512], [512]],
    ]);
    expect(layer.features).toBe(512);
    // That of stable-baselines3's NatureCNN for the same frames.
    expect(parameters.count).toBe(1_684_128);
  });

  it("are that of MinAtar for its boards", () => {
    const { parameters, layer } = declared((own) => smallCnn(own, "trunk", [10, 10, 4]));
    expect(parameters.tensors.map(({ shape }) => shape)).toEqual([[3, 3, 4, 16], [16], [1024, 128], [128]]);
    const seen = (x: Tensor<"uint8" | "float32">) => program(engine, {}, () => ({ y: layer.forward(x) }));
    const [bytes, floats] = [zeros(engine, uint8([3, 10, 10, 4])), zeros(engine, float32([3, 10, 10, 4]))] as const;
    for (const index of bytes.data.keys()) bytes.data[index] = index % 7 === 0 ? 255 : 0;
    floats.data.set(bytes.data.map((pixel) => pixel / 255));
    const [fromBytes, fromFloats] = [seen(bytes), seen(floats)];
    fromBytes.run();
    fromFloats.run();
    expect(fromBytes.outputs.y.shape).toEqual([3, 128]);
    expect(fromBytes.outputs.y.data).toEqual(fromFloats.outputs.y.data);
    expect(fromBytes.outputs.y.data.some((feature) => feature > 0)).toBe(true);
    expect(fromBytes.outputs.y.data.every((feature) => feature >= 0)).toBe(true);
  });

  it.each([
    [255, 255],
    [1, 1],
    [7, 1],
  ])("take bytes of a space up to %i as numbers of which %i is 1", (high, one) => {
    const options = { hiddenSizes: [], activation: "tanh", layerNorm: false, memory: "none", memorySize: 1 } as const;
    const space = new Box(0, high, [5, 5, 2], "uint8");
    const body = declared((own) => networkFor({ ...options, network: "small-cnn" })(own, "actor", space)).layer;
    const [bytes, floats] = [zeros(engine, uint8([2, 5, 5, 2])), zeros(engine, float32([2, 5, 5, 2]))] as const;
    for (const index of bytes.data.keys()) bytes.data[index] = index % 3 === 0 ? high : 0;
    for (const [index, byte] of bytes.data.entries()) floats.data[index] = byte / one;
    const [fromBytes, fromFloats] = [bytes, floats].map((x) => {
      const { outputs, run } = program(engine, {}, () => ({ y: body.forward(x).features }));
      run();
      return outputs.y.data.slice();
    });
    expect(fromBytes).toEqual(fromFloats);
    expect(fromBytes!.some((feature) => feature > 0)).toBe(true);
  });

  it("name the layer for which an image is too small", () => {
    expect(() => declared((own) => natureCnn(own, "trunk", [35, 36, 3]))).toThrow(
      new ShapeError("Convolution trunk.2: an image [2, 3, 64] is smaller than a kernel of 3 x 3"),
    );
    expect(() => declared((own) => smallCnn(own, "critic", [2, 10, 4]))).toThrow(
      new ShapeError("Convolution critic.0: an image [2, 10, 4] is smaller than a kernel of 3 x 3"),
    );
  });
});
