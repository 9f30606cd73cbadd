// onnxruntime-web on its WebAssembly backend, one thread. It does not train.

import { readFileSync } from "node:fs";
import { at } from "../repository.ts";
import { requirePeer } from "./packages.ts";
import type { Peer } from "./peer.ts";

interface Tensor {
  readonly data: ArrayLike<number | bigint>;
}

type Feeds = Readonly<Record<string, Tensor>>;

interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number }; readonly versions: { readonly web?: string } };
  readonly Tensor: new (dtype: "float32", data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { readonly executionProviders: readonly string[] },
    ): Promise<{ run(feeds: Feeds): Promise<Feeds> }>;
  };
}

export async function onnxruntimeWeb(): Promise<Peer> {
  const ort: OnnxRuntime = requirePeer("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  const models: Record<"product" | "act", string> = JSON.parse(readFileSync(at("bench/peers/models.json"), "utf8"));
  const session = (name: keyof typeof models) =>
    ort.InferenceSession.create(Buffer.from(models[name], "base64"), { executionProviders: ["wasm"] });
  const product = await session("product");
  const act = await session("act");
  const matrix = (rows: number, columns: number): Tensor =>
    new ort.Tensor("float32", new Float32Array(rows * columns).fill(0.5), [rows, columns]);

  return {
    name: "onnxruntime-web (wasm)",
    version: ort.env.versions.web ?? "unknown",
    product(m, k, n) {
      const inputs = { a: matrix(m, k), b: matrix(k, n) };
      return () => product.run(inputs);
    },
    async act() {
      const observation = new ort.Tensor("float32", Float32Array.of(0.01, -0.02, 0.03, 0.04), [1, 4]);
      return Number((await act.run({ observation })).action?.data[0]);
    },
  };
}
