// @ts-check
// jax-js on its WebAssembly backend, everything in `jit`, one thread.

export async function jaxJs() {
  const {
    init,
    defaultDevice,
    numpy: np,
    jit,
    valueAndGrad,
    nn,
    random,
    tree,
    blockUntilReady,
  } = await import("@jax-js/jax");
  await init("wasm");
  defaultDevice("wasm");

  let key = random.key(1);
  const layer = (/** @type {number} */ inputs, /** @type {number} */ outputs) => {
    const [next, own] = /** @type {any} */ (random.split(key, 2));
    key = next;
    return { weight: random.normal(own, [inputs, outputs]).mul(1 / Math.sqrt(inputs)), bias: np.zeros([outputs]) };
  };
  const forward = (/** @type {any[]} */ network, /** @type {any} */ x) =>
    network.reduce((hidden, { weight, bias }, index) => {
      const z = np.matmul(hidden, weight).add(bias);
      return index < 2 ? np.tanh(z) : z;
    }, x);
  const loss = (/** @type {any} */ network, /** @type {any} */ x, /** @type {any} */ chosen) =>
    np.mean(np.sum(nn.logSoftmax(forward(network, x), 1).mul(chosen), 1)).neg();
  const ref = (/** @type {any} */ x) => tree.ref(x);
  const step = jit(
    (
      /** @type {any} */ network,
      /** @type {any} */ m,
      /** @type {any} */ v,
      /** @type {any} */ x,
      /** @type {any} */ chosen,
    ) => {
      const [, gradient] = /** @type {any} */ (valueAndGrad(loss))(ref(network), x, chosen);
      const nextM = tree.map(
        (/** @type {any} */ a, /** @type {any} */ g) => a.mul(0.9).add(g.mul(0.1)),
        m,
        ref(gradient),
      );
      const nextV = tree.map(
        (/** @type {any} */ a, /** @type {any} */ g) => a.mul(0.999).add(g.ref.mul(g).mul(0.001)),
        v,
        gradient,
      );
      const next = tree.map(
        (/** @type {any} */ p, /** @type {any} */ a, /** @type {any} */ b) =>
          p.sub(a.mul(1e-4).div(np.sqrt(b).add(1e-8))),
        network,
        ref(nextM),
        ref(nextV),
      );
      return [next, nextM, nextV];
    },
  );

  let network = [layer(4, 64), layer(64, 64), layer(64, 2)];
  const zeros = () => tree.map((/** @type {any} */ p) => np.zerosLike(p), ref(network));
  let [m, v] = [zeros(), zeros()];
  // Numbers that jax-js has to read: of `np.ones` it makes a constant, and of a product of two such matrices a sum without a multiplication.
  const numbers = (/** @type {number} */ rows, /** @type {number} */ columns) =>
    np
      .array(Float32Array.from({ length: rows * columns }, (_, index) => (index % 17) / 17 - 0.5))
      .reshape([rows, columns]);
  const x = numbers(64, 4);
  const chosen = np.array(Array.from({ length: 64 }, (_, index) => [index % 2, 1 - (index % 2)]));
  const act = jit((/** @type {any} */ network, /** @type {any} */ x) => np.argmax(forward(network, x), 1));

  return {
    name: "jax-js (wasm)",
    version: "0.1.25",
    product(/** @type {number} */ m, /** @type {number} */ k, /** @type {number} */ n) {
      const [a, b] = [numbers(m, k), numbers(k, n)];
      return () => {
        const c = np.matmul(a.ref, b.ref);
        c.dataSync();
      };
    },
    async trainStep() {
      [network, m, v] = /** @type {any} */ (step(network, m, v, x.ref, chosen.ref));
      // Steps that nobody waits for queue up, and become a hundred times as slow.
      await blockUntilReady(network);
    },
    act: () => /** @type {any} */ (act(ref(network), np.array([[0.01, -0.02, 0.03, 0.04]]))).dataSync()[0],
  };
}
