// The networks, by what the hyper-parameters call them.

import { ConfigurationError } from "../../base/errors.ts";
import { type DataType, formatSpec } from "../../base/spec.ts";
import type { Box } from "../../spaces/box.ts";
import { toFloat32 } from "../../tensor/operators/elementwise.ts";
import type { Activation } from "../../tensor/operators/matmul.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ConvolutionalNetwork, natureCnn, smallCnn } from "../convolution.ts";
import { mlp } from "./mlp.ts";
import type { Network } from "./network.ts";
import { normalized } from "./normalized.ts";
import { remembering } from "./remembering.ts";

/** What names a network. */
export interface BodyOptions {
  /**
   * What makes features of an observation: "mlp", fully connected layers of hiddenSizes; for images [height, width,
   * channels] "nature-cnn", the network of DQN on Atari, and "small-cnn", that of MinAtar for boards of 10 x 10.
   */
  readonly network: "mlp" | "nature-cnn" | "small-cnn";
  /** Sizes of the hidden layers of an MLP. */
  readonly hiddenSizes: readonly number[];
  /** Activation of the hidden layers of an MLP. */
  readonly activation: Exclude<Activation, "none">;
  /** Whether the hidden layers of an MLP normalise their features before the activation. */
  readonly layerNorm: boolean;
  /** The recurrent layer behind the network, if there is one. */
  readonly memory: "none" | "lstm" | "gru";
  /** Features of the recurrent layer. */
  readonly memorySize: number;
}

/** The network of this name. */
export function networkFor(options: BodyOptions): Network {
  const { network, memory, memorySize } = options;
  const body =
    network === "mlp"
      ? mlp(options.hiddenSizes, options.activation, options.layerNorm ? normalized : undefined)
      : convolutional(network, network === "nature-cnn" ? natureCnn : smallCnn);
  return memory === "none" ? body : remembering(body, memory, memorySize);
}

type MakeConvolutional = typeof natureCnn;

/**
 * A convolutional network of images of float32 or of bytes. Those of a space that reaches to 255 are pixels, and taken
 * as fractions of it; other bytes are taken as they are, as those of a board of 0 and 1. Stable-Baselines3 tells images
 * by their bounds as well.
 */
function convolutional(kind: string, make: MakeConvolutional): Network {
  return (parameters, name, observation) => {
    if (observation.shape.length !== 3)
      throw new ConfigurationError(
        `network: ${kind} takes images [height, width, channels], not observations ${formatSpec(observation)}`,
      );
    const network: ConvolutionalNetwork = make(parameters, name, observation.shape);
    const arePixels = (observation as Partial<Box>).high?.some((bound) => bound === 255) ?? true;
    const seen = (x: Tensor<DataType>) =>
      x.dtype === "uint8" && !arePixels ? toFloat32(x as Tensor<"uint8">) : (x as Tensor<"float32" | "uint8">);
    return {
      features: network.features,
      layers: network.convolutions.length + 1,
      forward: (observations) => ({ features: network.forward(seen(observations)) }),
    };
  };
}
