// Small policies, of each network and each head, and what they say of observations. Their weights are drawn from
// streams, so that they are the same everywhere, and nothing has to keep them.

import { sizeOf } from "../../src/base/spec.ts";
import {
  ActorCritic,
  Box,
  Discrete,
  type Engine,
  type Hyperparameters,
  MultiBinary,
  MultiDiscrete,
  Policy,
  type Space,
  Stream,
} from "../../src/index.ts";
import { completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { type DataType, normal, program, type Tensor, uint8, uniform } from "../../src/tensor/index.ts";

interface Case extends Partial<Hyperparameters> {
  readonly observations: Box<DataType>;
  readonly actions: Space;
}

const infinite = Number.POSITIVE_INFINITY;
const numbers = (...shape: number[]) => new Box(-infinite, infinite, shape);
const bytes = (...shape: number[]) => new Box(0, 255, shape, "uint8");
const normalized = { normalizeObservations: true, clipObservations: 1.5, normalizeValues: true } as const;
const squashed = { actionDistribution: "squashed" } as const;

const cases = {
  "Discrete, tanh": { observations: numbers(4), actions: new Discrete(3) },
  "Discrete, relu, bytes": { observations: bytes(2, 3), actions: new Discrete(4), activation: "relu" },
  "Discrete, a shared network, normalised": {
    ...{ observations: numbers(4), actions: new Discrete(3), sharedNetwork: true, ...normalized },
  },
  "Discrete, layer norm, elu": {
    ...{ observations: numbers(4), actions: new Discrete(3), layerNorm: true, activation: "elu" },
  },
  "MultiDiscrete, elu": { observations: numbers(4), actions: new MultiDiscrete([3, 1, 4]), activation: "elu" },
  "MultiBinary, silu": { observations: numbers(4), actions: new MultiBinary(3), activation: "silu" },
  "Box, tanh": { observations: numbers(2, 2), actions: new Box(-0.5, 1, [2, 2]) },
  "Box of one number, relu": { observations: numbers(3), actions: new Box(-1, infinite, []), activation: "relu" },
  "Box, no hidden layer": { observations: new Box(-1, 1, [2]), actions: new Box([-1, 0], [0, 1]), hiddenSizes: [] },
  "Box, deviations of the network, layer norm, silu": {
    ...{ observations: numbers(4), actions: new Box(-1, 1, [2]), activation: "silu", layerNorm: true },
    ...{ logStd: "network", initialLogStd: -0.5 },
  },
  "Box squashed, relu": {
    observations: numbers(4),
    actions: new Box([-1, 0], [0.5, 3]),
    activation: "relu",
    ...squashed,
  },
  "Box squashed, deviations of the network": {
    ...{ observations: numbers(4), actions: new Box([-1, 0], [0.5, 3]), logStd: "network", ...squashed },
  },
  "Discrete, LSTM": { observations: numbers(4), actions: new Discrete(3), memory: "lstm", memorySize: 5 },
  "Box squashed, a shared LSTM, normalised": {
    ...{ observations: numbers(4), actions: new Box(-1, 2, [2]), sharedNetwork: true, ...normalized, ...squashed },
    ...{ memory: "lstm", memorySize: 5, hiddenSizes: [6] },
  },
  "MultiDiscrete, GRU": {
    ...{ observations: numbers(4), actions: new MultiDiscrete([2, 3]), memory: "gru", memorySize: 5 },
  },
  "MultiBinary, a shared GRU, no hidden layer": {
    ...{ observations: numbers(4), actions: new MultiBinary(2), sharedNetwork: true, hiddenSizes: [] },
    ...{ memory: "gru", memorySize: 6 },
  },
  "Discrete, small-cnn, bytes": { observations: bytes(6, 5, 2), actions: new Discrete(3), network: "small-cnn" },
  "Box, small-cnn, normalised, GRU": {
    ...{ observations: numbers(4, 5, 1), actions: new Box(-1, 1, [2]), network: "small-cnn", ...normalized },
    ...{ memory: "gru", memorySize: 4 },
  },
  "Discrete, a shared nature-cnn, bytes": {
    ...{ observations: bytes(36, 36, 2), actions: new Discrete(4), network: "nature-cnn", sharedNetwork: true },
  },
} as const satisfies Readonly<Record<string, Case>>;

/** What a policy is called. */
export type PolicyName = keyof typeof cases;

/** All of them. */
export const policyNames = Object.keys(cases) as PolicyName[];

/** So many numbers: standard normal ones, or whole ones from 0 to 255. */
function draw(stream: Stream, size: number, dtype: DataType): number[] {
  const drawn = program(stream.engine, {}, () => ({
    x: dtype === "uint8" ? uniform(stream, [size]) : normal(stream, [size]),
  }));
  drawn.run();
  return Array.from(drawn.outputs.x.data, (x) => (dtype === "uint8" ? Math.floor(256 * x) : x));
}

/** The policy of this name, in which no number is what it began with. */
export function policyOf(engine: Engine, name: PolicyName): Policy {
  const { observations: space, actions, ...rest }: Case = cases[name];
  const config = completeHyperparameters({ hiddenSizes: [8, 8], seed: 3, ...rest });
  const policy = new Policy(new ActorCritic(engine, space, actions, config), config);
  const stream = new Stream(engine, 1, "initialization");
  for (const [index, { name: parameter, shape }] of policy.tensors.entries()) {
    // Layers of an MLP are given bytes as they are.
    const isOfBytes = space.dtype === "uint8" && config.network === "mlp" && parameter.endsWith(".0.weight");
    const inputs = shape.length > 1 ? sizeOf(shape) / (shape.at(-1) as number) : 4;
    const scale = (isOfBytes ? 2 ** -7 : 2) / Math.sqrt(inputs);
    const values = draw(stream, sizeOf(shape), "float32").map((x) => x * scale);
    // Memory may have grown, and with it the tensors' views.
    policy.tensors[index]?.data.set(parameter.endsWith(".variance") ? values.map((x) => x * x) : values);
  }
  return policy;
}

/** So many observations for it. */
export function observationsOf(engine: Engine, name: PolicyName, count: number): number[][] {
  const { low, dtype }: Box<DataType> = cases[name].observations;
  const flat = draw(new Stream(engine, 1, "acting"), count * low.length, dtype);
  return Array.from({ length: count }, (_, row) => flat.slice(row * low.length, (row + 1) * low.length));
}

/** Whether an episode begins with this observation: after one to five steps. */
const isStart = (row: number): boolean => row % 5 === 0 || row % 7 === 0;

/** What a model is given beside observations and what it gives, a list of numbers for each observation. */
export interface Said {
  readonly inputs: Record<string, number[][]>;
  readonly outputs: Record<string, number[][]>;
}

/** What `act` and `evaluate` say of observations one after the other, by the names that a model has for it. */
export function saidBy(policy: Policy, observations: readonly number[][]): Said {
  const { actorCritic } = policy;
  const remember = actorCritic.memorySize > 0 ? captureMemory(actorCritic) : undefined;
  const said: Said = { inputs: {}, outputs: {} };
  const note = (place: keyof Said, name: string, values: ArrayLike<number>) => {
    said[place][name] ??= [];
    said[place][name].push(Array.from(values));
  };
  for (const [row, observation] of observations.entries()) {
    if (isStart(row)) policy.beginEpisode();
    const { logProb, value, ...parameters } = policy.evaluate(observation);
    const action = policy.act(observation);
    note("outputs", "action", typeof action === "number" ? [action] : action);
    note("outputs", "log_prob", [logProb]);
    for (const [name, values] of Object.entries(parameters)) {
      // One that is the same for all is there once.
      const isShared = name === "std" && policy.config.logStd !== "network";
      if (!isShared || row === 0) note("outputs", name, values);
    }
    note("outputs", "value", [value]);
    if (remember === undefined) continue;
    const { inputs, outputs, run } = remember;
    inputs.observation.set(observation);
    inputs.starts.set([Number(isStart(row))]);
    note("inputs", "memory", inputs.memory.data);
    note("inputs", "starts", inputs.starts.data);
    run();
    note("outputs", "next_memory", outputs.memory.data);
    inputs.memory.copyFrom(outputs.memory);
  }
  return said;
}

function captureMemory(actorCritic: ActorCritic) {
  const inputs = { observation: actorCritic.observations(1), memory: actorCritic.memory(1), starts: uint8([1, 1]) };
  return program(actorCritic.engine, inputs, ({ observation, memory, starts }) => {
    return { memory: actorCritic.forward(observation, { memory, starts }).memory as Tensor };
  });
}
