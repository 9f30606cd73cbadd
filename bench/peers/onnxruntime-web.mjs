// @ts-check
// onnxruntime-web on its WebAssembly backend, one thread. It does not train.

import { readFileSync } from "node:fs";

export async function onnxruntimeWeb() {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  const models = JSON.parse(readFileSync(new URL("models.json", import.meta.url), "utf8"));
  const session = (/** @type {string} */ name) =>
    ort.InferenceSession.create(Buffer.from(models[name], "base64"), { executionProviders: ["wasm"] });
  const [product, act] = [await session("product"), await session("act")];
  const tensor = (/** @type {number[]} */ shape) =>
    new ort.Tensor("float32", new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), shape);

  return {
    name: "onnxruntime-web (wasm)",
    version: ort.env.versions.web ?? "unknown",
    product(/** @type {number} */ m, /** @type {number} */ k, /** @type {number} */ n) {
      const inputs = { a: tensor([m, k]), b: tensor([k, n]) };
      return () => product.run(inputs);
    },
    async act() {
      const observation = new ort.Tensor("float32", Float32Array.of(0.01, -0.02, 0.03, 0.04), [1, 4]);
      return Number((await act.run({ observation })).action?.data[0]);
    },
  };
}
