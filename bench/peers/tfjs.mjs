// @ts-check
// TensorFlow.js on its WebAssembly backend, one thread.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export async function tfjs() {
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();

  const layer = (/** @type {number} */ inputs, /** @type {number} */ outputs) => [
    tf.variable(tf.randomNormal([inputs, outputs], 0, 1 / Math.sqrt(inputs))),
    tf.variable(tf.zeros([outputs])),
  ];
  const network = [layer(4, 64), layer(64, 64), layer(64, 2)];
  const forward = (/** @type {any} */ x) =>
    network.reduce((hidden, [weight, bias], index) => {
      const z = tf.add(tf.matMul(hidden, weight), bias);
      return index < 2 ? tf.tanh(z) : z;
    }, x);
  const x = tf.randomNormal([64, 4]);
  const chosen = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 64 }, (_, index) => index % 2),
      "int32",
    ),
    2,
  );
  const adam = tf.train.adam(1e-4);

  return {
    name: "tfjs (wasm)",
    version: tf.version["tfjs-core"],
    product(/** @type {number} */ m, /** @type {number} */ k, /** @type {number} */ n) {
      const [a, b] = [tf.randomUniform([m, k]), tf.randomUniform([k, n])];
      return () => tf.dispose(tf.matMul(a, b));
    },
    trainStep: () => void adam.minimize(() => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(forward(x)), chosen), 1)))),
    act: () => tf.tidy(() => tf.argMax(forward(tf.tensor2d([0.01, -0.02, 0.03, 0.04], [1, 4])), 1).dataSync()[0]),
  };
}
