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
      const rows = [batch] as const;
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
        program.inputs[name as keyof typeof program.inputs].set(elements);
      }
      return { kind, entry, parameters, program };
    });
  });
}
