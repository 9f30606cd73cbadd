// Layers: what they declare, and how they carry a batch forward.

import { ConfigurationError } from "../base/errors.ts";
import { checkNames } from "../base/ranges.ts";
import { formatShape } from "../base/spec.ts";
import { type Activation, linear } from "../tensor/operators/matmul.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constantInitializer, orthogonal } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** activation(x · weight + bias), weight [inputs, outputs] orthogonal and bias [outputs] zero at first. */
export class Linear {
  /** [inputs, outputs] */
  readonly weight: Tensor;
  /** [outputs] */
  readonly bias: Tensor;
  /** What follows the product and the bias. */
  readonly activation: Activation;

  /** Declares `${name}.weight` and `${name}.bias`; the gain is √2 and there is no activation unless given. */
  constructor(
    parameters: Parameters,
    name: string,
    inputs: number,
    outputs: number,
    options: { gain?: number; activation?: Activation } = {},
  ) {
    checkNames(`Linear ${name}`, options, ["gain", "activation"]);
    this.weight = parameters.declare(`${name}.weight`, [inputs, outputs], orthogonal(options.gain ?? Math.SQRT2));
    this.bias = parameters.declare(`${name}.bias`, [outputs], constantInitializer(0));
    this.activation = options.activation ?? "none";
  }

  /** [batch, inputs] -> [batch, outputs] */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias, this.activation);
  }
}

/**
 * Linear layers in a row: hidden ones with gain √2 and an activation, and a last one without.
 *
 * ```ts
 * const network = new MLP(parameters, "network", [4, 64, 64, 2], { activation: "relu" });
 * parameters.initialize(new Stream(engine, 1, "initialization"));
 * const forward = program(engine, { x: float32([8, 4]) }, ({ x }) => ({ y: network.forward(x) }));
 * ```
 */
export class MLP {
  /** From the first to the last. */
  readonly layers: readonly Linear[];

  /** @param sizes inputs, hidden sizes, outputs, as in [4, 64, 64, 2] */
  constructor(
    parameters: Parameters,
    name: string,
    sizes: readonly number[],
    options: { activation?: Activation; outputGain?: number } = {},
  ) {
    checkNames(`MLP ${name}`, options, ["activation", "outputGain"]);
    if (sizes.length < 2)
      throw new ConfigurationError(`MLP ${name}: sizes ${formatShape(sizes)}; it needs inputs and outputs`);
    this.layers = sizes.slice(1).map((outputs, index) => {
      const inputs = sizes[index] as number;
      const last = index === sizes.length - 2;
      return new Linear(
        parameters,
        `${name}.${index}`,
        inputs,
        outputs,
        last ? { gain: options.outputGain ?? 1 } : { activation: options.activation ?? "tanh" },
      );
    });
  }

  /** [batch, inputs] -> [batch, outputs] */
  forward(x: Tensor): Tensor {
    return this.layers.reduce((hidden, layer) => layer.forward(hidden), x);
  }
}
