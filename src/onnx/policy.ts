// A policy as an ONNX model: observations in, and out the most likely actions, with all that the policy says of them.

import { type Bytes, type DataType, type Spec, uint8 } from "../base/spec.ts";
import { stringify } from "../io/json.ts";
import { encodeOnnx, type OnnxModel } from "../io/onnx.ts";
import type { ActorCritic, Context, Policy } from "../ppo/index.ts";
import { reshape } from "../tensor/operators/rows.ts";
import { program } from "../tensor/program.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BATCHES } from "./batch.ts";
import { modelOf } from "./program.ts";

/** Of what the metadata say; it rises when an input, an output or a text of them changes its meaning. */
const VERSION = 1;

/**
 * The bytes of an ONNX file (opset 17), as onnxruntime and onnxruntime-web read it. Its input is `observation` [batch,
 * ...observation] in the flat form of the space, for any batch. Its outputs are
 *
 * - `action` [batch, ...action], the most likely one within the bounds of the space: float32 for Box, else int32;
 * - `log_prob` [batch], its log-probability, and `value` [batch];
 * - `probabilities` [batch, n], of several choices one after the other; or `mean` [batch, size] and `std`, [size] where
 *   it is the same for all and else [batch, size], before actions are limited or squashed.
 *
 * Networks with a memory also take `memory` [batch, memorySize], zeros at first, and `starts` [1, batch], uint8, 1
 * where an episode begins; what to give as `memory` the next time is `next_memory`.
 *
 * Its metadata are `format`, `version`, `observation_space` and `action_space`, the spaces as JSON.
 *
 * ```ts
 * import { toOnnx } from "proximal/onnx";
 *
 * const bytes = toOnnx(await Policy.load("cartpole.safetensors"));
 * ```
 *
 * @throws NonFiniteError for a parameter that is not finite; UnsupportedError for a network or a head with a kernel
 * that has no counterpart in ONNX here
 */
export function toOnnx(policy: Policy<unknown>): Bytes {
  return encodeOnnx(onnxModelOf(policy));
}

/** What `toOnnx` encodes. */
export function onnxModelOf({ actorCritic }: Pick<Policy<unknown>, "actorCritic">): OnnxModel {
  actorCritic.parameters.finite();
  const [first, second] = BATCHES;
  return {
    ...modelOf("policy", [captureDecision(actorCritic, first), captureDecision(actorCritic, second)]),
    metadata: {
      format: "proximal policy",
      version: String(VERSION),
      observation_space: stringify(actorCritic.observationSpace),
      action_space: stringify(actorCritic.actionSpace),
    },
  };
}

function captureDecision(actorCritic: ActorCritic, batch: number) {
  const { engine, actionSpace, head, memorySize } = actorCritic;
  const remembered = { memory: actorCritic.memory(batch), starts: uint8([1, batch]) };
  const observation = actorCritic.observations(batch);
  const inputs: Readonly<Record<string, Spec>> = { observation, ...(memorySize > 0 && remembered) };
  return program(engine, inputs, ({ observation, ...context }) => {
    const { distribution, values, memory } = actorCritic.forward(observation as Tensor<DataType>, context as Context);
    const mode = distribution.mode();
    return {
      action: reshape(head.toEnvironment(mode), [batch, ...actionSpace.shape]),
      log_prob: distribution.logProb(mode),
      ...distribution.parameters(),
      value: values,
      ...(memory && { next_memory: memory }),
    };
  });
}
