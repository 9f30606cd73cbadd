// TensorFlow.js on its WebAssembly backend, one thread.

import { requirePeer } from "./packages.ts";
import type { Peer } from "./peer.ts";

interface Tensor {
  dataSync(): ArrayLike<number>;
}

interface TensorFlow {
  readonly version: { readonly "tfjs-core": string };
  readonly train: { adam(learningRate: number): { minimize(loss: () => Tensor): unknown } };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy(body: () => unknown): unknown;
  dispose(x: Tensor): void;
  variable(initial: Tensor): Tensor;
  zeros(shape: readonly number[]): Tensor;
  randomNormal(shape: readonly number[], mean?: number, deviation?: number): Tensor;
  randomUniform(shape: readonly number[]): Tensor;
  tensor1d(values: readonly number[], dtype: "int32"): Tensor;
  tensor2d(values: readonly number[], shape: readonly [number, number]): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  neg(x: Tensor): Tensor;
  mean(x: Tensor): Tensor;
  sum(x: Tensor, axis: number): Tensor;
  logSoftmax(x: Tensor): Tensor;
  argMax(x: Tensor, axis: number): Tensor;
}

export async function tfjs(): Promise<Peer> {
  const tf: TensorFlow = requirePeer("@tensorflow/tfjs");
  const wasm: { setThreadsCount(count: number): void } = requirePeer("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();

  const layer = (inputs: number, outputs: number) => ({
    weight: tf.variable(tf.randomNormal([inputs, outputs], 0, 1 / Math.sqrt(inputs))),
    bias: tf.variable(tf.zeros([outputs])),
  });
  const network = [layer(4, 64), layer(64, 64), layer(64, 2)];
  const forward = (x: Tensor): Tensor =>
    network.reduce((hidden, { weight, bias }, index) => {
      const z = tf.add(tf.matMul(hidden, weight), bias);
      return index < 2 ? tf.tanh(z) : z;
    }, x);
  const x = tf.randomNormal([64, 4]);
  const actions = Array.from({ length: 64 }, (_, index) => index % 2);
  const chosen = tf.oneHot(tf.tensor1d(actions, "int32"), 2);
  const adam = tf.train.adam(1e-4);

  return {
    name: "tfjs (wasm)",
    version: tf.version["tfjs-core"],
    product(m, k, n) {
      const a = tf.randomUniform([m, k]);
      const b = tf.randomUniform([k, n]);
      return () => tf.dispose(tf.matMul(a, b));
    },
    trainStep: () => void adam.minimize(() => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(forward(x)), chosen), 1)))),
    act: () => tf.tidy(() => tf.argMax(forward(tf.tensor2d([0.01, -0.02, 0.03, 0.04], [1, 4])), 1).dataSync()[0]),
  };
}
