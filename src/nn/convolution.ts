// Layers of images, and the networks that are made of them: what they declare, and how they carry a batch forward.

import { ConfigurationError } from "../base/errors.ts";
import { atLeastOne, checkNames, checkValue } from "../base/ranges.ts";
import { formatShape, type Shape, sizeOf } from "../base/spec.ts";
import { type ConvolutionOptions, convolution, convolvedSize } from "../tensor/operators/convolution.ts";
import { reshape } from "../tensor/operators/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constantInitializer, orthogonal } from "./initializers.ts";
import { Linear } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

/** A layer of square kernels; `stride`, `padding` and `activation` are those of the operator. */
export interface ConvolutionLayer extends ConvolutionOptions {
  /** How many there are: the channels of what comes out. */
  readonly filters: number;
  /** The pixels of a kernel's side. */
  readonly size: number;
}

/**
 * activation(x * weight + bias), weight [size, size, channels, filters] orthogonal, as the matrix of its last axis and
 * all others, with gain √2, and bias [filters] zero at first.
 */
export class Convolution {
  /** [size, size, channels, filters] */
  readonly weight: Tensor;
  /** [filters] */
  readonly bias: Tensor;
  /** What comes out of an image: [height, width, filters]. */
  readonly shape: Shape;
  readonly #options: ConvolutionOptions;

  /**
   * Declares `${name}.weight` and `${name}.bias`.
   * @param image [height, width, channels]
   * @throws ShapeError for an image that is too small
   */
  constructor(parameters: Parameters, name: string, image: Shape, layer: ConvolutionLayer) {
    const who = `Convolution ${name}`;
    checkNames(who, layer, ["filters", "size", "stride", "padding", "activation"]);
    if (image.length !== 3)
      throw new ConfigurationError(`${who}: images ${formatShape(image)}; they have to be [height, width, channels]`);
    const { filters, size, ...options } = layer;
    checkValue(`${who}: filters`, atLeastOne, filters);
    checkValue(`${who}: size`, atLeastOne, size);
    this.shape = [...convolvedSize(who, image, [size, size], options), filters];
    this.weight = parameters.declare(
      `${name}.weight`,
      [size, size, image[2] as number, filters],
      orthogonal(Math.SQRT2),
    );
    this.bias = parameters.declare(`${name}.bias`, [filters], constantInitializer(0));
    this.#options = options;
  }

  /** [batch, height, width, channels] -> [batch, ...shape] */
  forward(x: Tensor<"float32" | "uint8">): Tensor {
    return convolution(x, this.weight, this.bias, this.#options);
  }
}

/** Convolutions in a row, and a linear layer of all that comes out of the last; each with ReLU behind it. */
export class ConvolutionalNetwork {
  /** From the first to the last. */
  readonly convolutions: readonly Convolution[];
  /** The last layer, which makes the features. */
  readonly linear: Linear;
  /** How many features there are. */
  readonly features: number;

  /**
   * Declares the layers as `${name}.0`, `${name}.1` and so on.
   * @param image [height, width, channels]
   * @throws ShapeError for an image that is too small for a layer, which it names
   */
  constructor(
    parameters: Parameters,
    name: string,
    image: Shape,
    layers: readonly Omit<ConvolutionLayer, "activation">[],
    features: number,
  ) {
    let shape = image;
    this.convolutions = layers.map((layer, index) => {
      const next = new Convolution(parameters, `${name}.${index}`, shape, { ...layer, activation: "relu" });
      shape = next.shape;
      return next;
    });
    this.linear = new Linear(parameters, `${name}.${layers.length}`, sizeOf(shape), features, { activation: "relu" });
    this.features = features;
  }

  /** [batch, height, width, channels], float32 or bytes -> [batch, features] */
  forward(x: Tensor<"float32" | "uint8">): Tensor {
    const images = this.convolutions.reduce<Tensor<"float32" | "uint8">>((hidden, layer) => layer.forward(hidden), x);
    const batch = x.shape[0] as number;
    return this.linear.forward(reshape(images as Tensor, [batch, images.size / batch]));
  }
}

/**
 * The network of DQN on Atari (Mnih et al., 2015, Nature 518), for frames such as [84, 84, 4]: 512 features.
 * @param name what the names of its parameters begin with
 * @throws ShapeError for an image that is too small
 */
export function natureCnn(parameters: Parameters, name: string, image: Shape): ConvolutionalNetwork {
  const layers = [
    { filters: 32, size: 8, stride: 4 },
    { filters: 64, size: 4, stride: 2 },
    { filters: 64, size: 3 },
  ];
  return new ConvolutionalNetwork(parameters, name, image, layers, 512);
}

/**
 * The network of MinAtar (Young and Tian, 2019, arXiv 1903.03176), for boards such as [10, 10, 4]: 128 features.
 * @param name what the names of its parameters begin with
 * @throws ShapeError for an image that is too small
 */
export function smallCnn(parameters: Parameters, name: string, image: Shape): ConvolutionalNetwork {
  return new ConvolutionalNetwork(parameters, name, image, [{ filters: 16, size: 3 }], 128);
}
