// The networks and the minibatch of test/fixtures/ppo-loss.json, made with the library that is handed in.

import type * as Library from "proximal";
import type * as Operators from "proximal/tensor";
import fixture from "../fixtures/ppo-loss.json" with { type: "json" };

export type Kind = "categorical" | "gaussian";

export const kinds = ["categorical", "gaussian"] as const satisfies readonly Kind[];
export const { settings } = fixture;

/**
 * The eight losses of the fixture: their networks, the program that computes each with its gradients, and what it
 * should give.
 */
export function lossPrograms(library: typeof Library, ops: typeof Operators, engine: Library.Engine) {
  return kinds.flatMap((kind) => {
    const { parameters: values, minibatch, cases } = fixture[kind];
    const { observation, hiddenSizes, batch, outputs: actionSizes, ...coefficients } = settings;
    const size = actionSizes[kind];
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    const options = { hiddenSizes, activation: "tanh", seed: 1 } as const;
    const space = kind === "categorical" ? new library.Discrete(size) : new library.Box(low, high, [size]);
    return cases.map((entry) => {
      const { clipValueLoss, normalizeAdvantages } = entry;
      const observationSpace = new library.Box(low, high, [observation]);
      const actorCritic = new library.ActorCritic(engine, observationSpace, space, options);
      const { parameters } = actorCritic;
      for (const [index, name] of parameters.names.entries()) {
        parameters.tensors[index]?.set(values[name as keyof typeof values]);
      }
      const rows = ops.float32([batch]);
      const program = ops.program(
        engine,
        {
          observations: ops.float32([batch, observation]),
          actions: batchOf(batch, actorCritic.head.action),
          logProbs: rows,
          values: rows,
          advantages: rows,
          returns: rows,
        },
        lossOf(library, ops, actorCritic, { ...coefficients, clipValueLoss, normalizeAdvantages }),
        { differentiate: parameters },
      );
      for (const [name, elements] of Object.entries(minibatch)) {
        program.inputs[name as keyof typeof program.inputs].set(elements);
      }
      return { kind, entry, parameters, program };
    });
  });
}

/** The loss of a minibatch whose advantages are normalised on the way, where that is asked for. */
export function lossOf(
  library: typeof Library,
  ops: typeof Operators,
  actorCritic: Library.ActorCritic,
  options: Library.LossCoefficients & { readonly normalizeAdvantages: boolean },
) {
  const { normalizeAdvantages, ...coefficients } = options;
  return (minibatch: Library.Minibatch) => {
    const { advantages: raw } = minibatch;
    const advantages = normalizeAdvantages ? ops.standardize(raw, 1e-8) : raw;
    return library.ppoLoss(actorCritic, { ...minibatch, advantages }, coefficients);
  };
}

/** So many of a spec, along a first axis. */
export function batchOf<D extends Operators.DataType>(batch: number, spec: Operators.Spec<D>): Operators.Spec<D> {
  return { ...spec, shape: [batch, ...spec.shape] };
}
