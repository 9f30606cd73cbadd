// @ts-check
// The networks and the minibatch of test/fixtures/ppo-loss.json, made with the library that is handed in.

import fixture from "../fixtures/ppo-loss.json" with { type: "json" };

/** @typedef {typeof import("../../src/index.ts")} Library */
/** @typedef {typeof import("../../src/tensor/index.ts")} Operators */
/** @typedef {"categorical" | "gaussian"} Kind */

export const kinds = /** @type {Kind[]} */ (["categorical", "gaussian"]);
export const { settings } = fixture;

/**
 * The eight losses of the fixture: their networks, the program that computes each with its gradients, and what it should give.
 * @param {Library} library
 * @param {Operators} ops
 * @param {import("../../src/engine/engine.ts").Engine} engine
 */
export function lossPrograms(library, ops, engine) {
  return kinds.flatMap((kind) => {
    const { parameters: values, minibatch, cases } = fixture[kind];
    const { observation, hiddenSizes, batch, outputs: actionSizes, ...coefficients } = settings;
    const size = actionSizes[kind];
    const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const options = { hiddenSizes, activation: /** @type {const} */ ("tanh"), seed: 1 };
    const space =
      kind === "categorical"
        ? new library.Discrete(size)
        : new library.Box(.../** @type {[number, number]} */ (unbounded), [size]);
    return cases.map((entry) => {
      const { clipValueLoss, normalizeAdvantages } = entry;
      const observationSpace = new library.Box(.../** @type {[number, number]} */ (unbounded), [observation]);
      const actorCritic = new library.ActorCritic(engine, observationSpace, space, options);
      const { parameters } = actorCritic;
      for (const [index, name] of parameters.names.entries()) {
        parameters.tensors[index]?.set(values[/** @type {keyof typeof values} */ (name)]);
      }
      const rows = /** @type {const} */ ([batch]);
      const program = ops.program(
        engine,
        {
          observations: [batch, observation],
          actions: actorCritic.actions(batch),
          logProbs: rows,
          values: rows,
          advantages: rows,
          returns: rows,
        },
        (inputs) => library.ppoLoss(actorCritic, inputs, { ...coefficients, clipValueLoss, normalizeAdvantages }),
        { differentiate: parameters },
      );
      for (const [name, elements] of Object.entries(minibatch)) {
        program.inputs[/** @type {keyof typeof program.inputs} */ (name)].set(elements);
      }
      return { kind, entry, parameters, program };
    });
  });
}
