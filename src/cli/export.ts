// `proximal export`: a policy in a format of others.

import { resolve } from "node:path";
import { ConfigurationError } from "../base/errors.ts";
import { writeFile } from "../io/files.ts";
import { encodeOnnx, type OnnxArray } from "../io/onnx.ts";
import { onnxModelOf } from "../onnx/policy.ts";
import { Policy } from "../ppo/saved-policy.ts";
import { type Arguments, type Command, expectOperands, textOption } from "./options.ts";
import { kindOf, RunFolder } from "./run-folder.ts";
import { standardOutput } from "./terminal.ts";
import { printable } from "./text.ts";

export const exportCommand: Command = {
  name: "export",
  operands: "<policy>",
  summary: "Writes a policy, of a run's folder or a file, as an ONNX model for other runtimes.",
  example: "proximal export runs/CartPole-v1-seed1 --onnx cartpole.onnx",
  options: [
    { flag: "onnx", value: "FILE", meaning: "the ONNX file to write" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

export async function exportPolicy(args: Arguments): Promise<number> {
  expectOperands(exportCommand, args, 1, 1);
  const path = args.operands[0] as string;
  const onnx = textOption(args, "onnx");
  if (onnx === undefined)
    throw new ConfigurationError(`export: --onnx FILE is missing, as in: ${exportCommand.example}`);
  const file = kindOf(path) === "folder" ? new RunFolder(path).file("policy") : path;
  if (resolve(file) === resolve(onnx))
    throw new ConfigurationError(`--onnx: ${onnx} is the policy itself; it has to be another file`);
  const model = onnxModelOf(await Policy.load(file));
  await writeFile(onnx, encodeOnnx(model));

  const output = standardOutput();
  const { inputs, outputs } = model;
  if (args.options.has("json")) {
    output.write(`${JSON.stringify({ policy: file, onnx, inputs: byName(inputs), outputs: byName(outputs) })}\n`);
    return 0;
  }
  output.write(`wrote ${printable(onnx)}\ntakes ${lineOf(inputs)}\ngives ${lineOf(outputs)}\n`);
  return 0;
}

function byName(arrays: readonly OnnxArray[]): object {
  return Object.fromEntries(arrays.map(({ name, ...spec }) => [name, spec]));
}

/** `action int32 [batch], value float32 [batch]` */
function lineOf(arrays: readonly OnnxArray[]): string {
  return arrays.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).join(", ");
}
