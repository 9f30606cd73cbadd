// Every head with the kernels of acting alone: a page acts as the agent does that learnt.

import { expect, it } from "vitest";
import { ActorCritic, Box, Discrete, Engine, MultiBinary, MultiDiscrete, Policy, type Space } from "../../src/index.ts";
import { Policy as Acting } from "../../src/policy/index.ts";
import { completeHyperparameters, type Hyperparameters } from "../../src/ppo/hyperparameters.ts";

const heads: Record<string, readonly [Space, Partial<Hyperparameters>?]> = {
  Discrete: [new Discrete(3)],
  MultiDiscrete: [new MultiDiscrete([3, 2, 5])],
  MultiBinary: [new MultiBinary(4)],
  Box: [new Box([-1, -0.1], [1, 0.1])],
  "Box of the network's deviations": [new Box(-1, 1, [2]), { logStd: "network" }],
  "Box of fixed deviations": [new Box(-1, 1, [2]), { logStd: "fixed", initialLogStd: -1 }],
  "Box of annealed deviations": [new Box(-1, 1, [2]), { logStd: "annealed" }],
  "squashed Box": [new Box([-1, 0], [1, 0.1]), { actionDistribution: "squashed" }],
  "squashed Box of the network's deviations": [
    new Box(-1, 1, [2]),
    { actionDistribution: "squashed", logStd: "network" },
  ],
};

it.each(Object.entries(heads))("%s", async (_, [space, options = {}]) => {
  const config = completeHyperparameters({ hiddenSizes: [8], seed: 3, ...options });
  const engine = await Engine.create();
  const policy = new Policy(new ActorCritic(engine, new Box(-1, 1, [3]), space, config), config);
  const bytes = policy.toBytes();
  const acting = await Acting.load(bytes);
  const other = await Policy.load(bytes);
  const observation = [0.3, -0.2, 0.9];
  for (const deterministic of [true, false]) {
    for (let draw = 0; draw < 5; draw++) {
      const action = policy.act(observation, { deterministic });
      expect(space.contains(action)).toBe(true);
      expect(acting.act(observation, { deterministic })).toEqual(action);
      expect(other.act(observation, { deterministic })).toEqual(action);
    }
  }
  expect(acting.actBatch([...observation, ...observation])).toEqual(policy.actBatch([...observation, ...observation]));
});
