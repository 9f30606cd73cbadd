// The convolution of images, a layer with a bias and an activation as `linear` is.

import { ShapeError } from "../../base/errors.ts";
import { atLeastOne, checkNames, checkValue, count } from "../../base/ranges.ts";
import { dataTypes, float32, formatShape, formatSpec, type Shape } from "../../base/spec.ts";
import { kernelOf } from "../../engine/code.ts";
import { call, differentiable, integers, scratch } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { silu } from "./elementwise.ts";
import { type Activation, activationCodeOf } from "./matmul.ts";

/** How a kernel goes over an image, and what it ends with. */
export interface ConvolutionOptions {
  /** Pixels from one position to the next, down and across; 1 unless given. */
  readonly stride?: number;
  /** Pixels of zeros around the image, fewer than the kernel has; 0 unless given. */
  readonly padding?: number;
  /** None unless given. */
  readonly activation?: Activation;
}

/**
 * activation(x * weight + bias): [batch, height, width, channels] x [kernelHeight, kernelWidth, channels, filters] +
 * [filters] -> [batch, outHeight, outWidth, filters], where outHeight is ⌊(height + 2 padding - kernelHeight) / stride⌋
 * + 1. As everywhere in networks it is the cross-correlation: kernels are not turned over. x is float32, or bytes,
 * which are taken as fractions of 255 and have no gradient. An image's result is the same in every batch.
 *
 * With dz the gradient before the activation and P the matrix of the patches of x, the gradients are those of the
 * matrix product P · weight + bias, that of P added up where the patches were taken.
 * @throws ShapeError for shapes that do not fit
 */
export function convolution(
  x: Tensor<"float32" | "uint8">,
  weight: Tensor,
  bias: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  const { stride = 1, padding = 0, activation = "none" } = options;
  checkNames("convolution", options, ["stride", "padding", "activation"]);
  if (activation === "silu") return silu(convolution(x, weight, bias, { stride, padding }));
  const code = activationCodeOf("convolution", activation);
  const [batch, ...image] = x.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, channels, filters] = weight.shape as [number, number, number, number];
  const fail = (why: string): never => {
    throw new ShapeError(`convolution: ${formatSpec(x)} with weight ${formatShape(weight.shape)}: ${why}`);
  };
  if (x.dtype !== "float32" && x.dtype !== "uint8") fail("images have to be float32 or uint8");
  if (x.shape.length !== 4) fail("images have to be [batch, height, width, channels]");
  if (weight.shape.length !== 4 || weight.size === 0)
    fail("a weight has to be [kernel height, kernel width, channels, filters]");
  if (image[2] !== channels) fail(`${image[2]} and ${channels} channels differ`);
  if (bias.shape.length !== 1 || bias.size !== filters)
    fail(`bias ${formatShape(bias.shape)} for ${filters} filters; it has to be [${filters}]`);
  const [outHeight, outWidth] = convolvedSize("convolution", image, [kernelHeight, kernelWidth], options);

  const geometry = integers([
    ...[...image, kernelHeight, kernelWidth, filters, stride, padding, outHeight, outWidth],
    dataTypes[x.dtype].bytes,
  ]);
  const scratchBytes = kernelOf(x.engine.kernels, "convolutionScratch");
  const workspace = () => scratch(scratchBytes(kernelHeight, kernelWidth * channels, filters));
  const spec = float32([batch, outHeight, outWidth, filters]);
  const y = call("convolution", spec, x, weight, bias, geometry, batch, code, workspace());
  return differentiable(y, (gradient) => {
    const dz = activation === "none" ? gradient : call(`${activation}Adjoint`, y, gradient, y, y.size);
    return [
      [x as Tensor, () => call("convolutionInputAdjoint", x as Tensor, dz, weight, geometry, batch, workspace())],
      [weight, () => call("convolutionWeightAdjoint", weight, x, dz, geometry, batch, workspace())],
      [bias, () => call("sumRows", bias, dz, y.size / filters, filters)],
    ];
  });
}

/**
 * Height and width of what a convolution makes of an image [height, width, channels].
 * @param who the operator or layer, for the error
 * @param size of the kernel, height and width
 * @throws ConfigurationError for a stride or padding that is none; ShapeError where no kernel fits into the image
 */
export function convolvedSize(
  who: string,
  image: Shape,
  size: readonly [height: number, width: number],
  { stride = 1, padding = 0 }: ConvolutionOptions,
): [height: number, width: number] {
  checkValue(`${who}: stride`, atLeastOne, stride);
  checkValue(`${who}: padding`, { ...count, to: Math.min(...size) - 1 }, padding);
  const [height, width] = size.map(
    (pixels, axis) => Math.floor(((image[axis] as number) + 2 * padding - pixels) / stride) + 1,
  ) as [number, number];
  if (height > 0 && width > 0) return [height, width];
  const sides = `an image ${formatShape(image)} is smaller than a kernel of ${size.join(" x ")}`;
  throw new ShapeError(`${who}: ${sides}${padding > 0 ? `, padding of ${padding} included` : ""}`);
}
