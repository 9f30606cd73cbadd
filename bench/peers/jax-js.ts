// jax-js on its WebAssembly backend, everything in `jit`, one thread.

import { requirePeer } from "./packages.ts";
import type { Peer } from "./peer.ts";

/** An operation consumes its operands; `ref` keeps one for another. */
interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  dataSync(): ArrayLike<number>;
}

interface Layer {
  readonly weight: JaxArray;
  readonly bias: JaxArray;
}

type Network = readonly Layer[];

interface JaxJs {
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): unknown;
  blockUntilReady(tree: unknown): Promise<unknown>;
  jit<A extends readonly unknown[], R>(f: (...args: A) => R): (...args: A) => R;
  valueAndGrad<P, A extends readonly unknown[]>(
    f: (parameters: P, ...args: A) => JaxArray,
  ): (parameters: P, ...args: A) => readonly [value: JaxArray, gradient: P];
  readonly random: {
    key(seed: number): JaxArray;
    split(key: JaxArray, count: 2): readonly [JaxArray, JaxArray];
    normal(key: JaxArray, shape: readonly number[]): JaxArray;
  };
  readonly nn: { logSoftmax(x: JaxArray, axis: number): JaxArray };
  readonly tree: {
    ref<T>(tree: T): T;
    map<T>(f: (...leaves: [JaxArray, JaxArray, JaxArray]) => JaxArray, ...trees: readonly T[]): T;
  };
  readonly numpy: {
    array(values: Float32Array | readonly (readonly number[])[]): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    zerosLike(x: JaxArray): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    tanh(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    sum(x: JaxArray, axis: number): JaxArray;
    mean(x: JaxArray): JaxArray;
    argmax(x: JaxArray, axis: number): JaxArray;
  };
}

export async function jaxJs(): Promise<Peer> {
  const jax: JaxJs = requirePeer("@jax-js/jax");
  const { numpy: np, jit, valueAndGrad, nn, random, tree } = jax;
  await jax.init("wasm");
  jax.defaultDevice("wasm");

  let key = random.key(1);
  const layer = (inputs: number, outputs: number): Layer => {
    const [next, own] = random.split(key, 2);
    key = next;
    return { weight: random.normal(own, [inputs, outputs]).mul(1 / Math.sqrt(inputs)), bias: np.zeros([outputs]) };
  };
  const forward = (network: Network, x: JaxArray): JaxArray =>
    network.reduce((hidden, { weight, bias }, index) => {
      const z = np.matmul(hidden, weight).add(bias);
      return index < 2 ? np.tanh(z) : z;
    }, x);
  const loss = (network: Network, x: JaxArray, chosen: JaxArray): JaxArray =>
    np.mean(np.sum(nn.logSoftmax(forward(network, x), 1).mul(chosen), 1)).neg();
  const step = jit((network: Network, m: Network, v: Network, x: JaxArray, chosen: JaxArray) => {
    const [, gradient] = valueAndGrad(loss)(tree.ref(network), x, chosen);
    const nextM = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(gradient));
    const nextV = tree.map((a, g) => a.mul(0.999).add(g.ref.mul(g).mul(0.001)), v, gradient);
    const next = tree.map(
      (p, a, b) => p.sub(a.mul(1e-4).div(np.sqrt(b).add(1e-8))),
      network,
      tree.ref(nextM),
      tree.ref(nextV),
    );
    return [next, nextM, nextV] as const;
  });

  let network: Network = [layer(4, 64), layer(64, 64), layer(64, 2)];
  const zeros = (): Network => tree.map((p) => np.zerosLike(p), tree.ref(network));
  let m = zeros();
  let v = zeros();
  // Numbers that jax-js has to read: of `np.ones` it makes a constant, and of a product of two such matrices a sum
  // without a multiplication.
  const numbers = (rows: number, columns: number): JaxArray =>
    np
      .array(Float32Array.from({ length: rows * columns }, (_, index) => (index % 17) / 17 - 0.5))
      .reshape([rows, columns]);
  const x = numbers(64, 4);
  const chosen = np.array(Array.from({ length: 64 }, (_, index) => [index % 2, 1 - (index % 2)]));
  const act = jit((network: Network, x: JaxArray) => np.argmax(forward(network, x), 1));

  return {
    name: "jax-js (wasm)",
    version: "0.1.25",
    product(m, k, n) {
      const a = numbers(m, k);
      const b = numbers(k, n);
      return () => {
        np.matmul(a.ref, b.ref).dataSync();
      };
    },
    async trainStep() {
      [network, m, v] = step(network, m, v, x.ref, chosen.ref);
      // Steps that nobody waits for queue up, and become a hundred times as slow.
      await jax.blockUntilReady(network);
    },
    act: () => act(tree.ref(network), np.array([[0.01, -0.02, 0.03, 0.04]])).dataSync()[0],
  };
}
