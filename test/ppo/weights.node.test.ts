// Weights out of a policy and into another: as plain arrays, and as the state dicts of PyTorch.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Discrete,
  FileFormatError,
  fromStateDict,
  makeVec,
  PPO,
  policyFrom,
  toStateDict,
  type Weights,
  weightsOf,
} from "../../src/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.ts";
import fixtures from "../fixtures/state-dicts.json" with { type: "json" };

const options = { hiddenSizes: [8, 6], numSteps: 16, seed: 4 };
const cartPoles = () => makeVec("CartPole-v1", { numEnvs: 2 });
const cartPole = { observationSpace: new Box(-9, 9, [4]), actionSpace: new Discrete(2) };

/** These weights, of which one is something else, or is not there. */
const changed = (weights: Weights, name: string, tensor?: object): Weights =>
  Object.fromEntries(
    Object.entries({ ...weights, [name]: tensor }).filter(([, value]) => value !== undefined),
  ) as Weights;

async function train(agent: PPO<number>): Promise<Weights> {
  for await (const _ of agent.train({ totalSteps: 96 }));
  return weightsOf(agent.policy);
}

describe("weights", () => {
  it("are copies", async () => {
    const agent = await PPO.create(await cartPoles(), options);
    const before = weightsOf(agent.policy);
    const again = weightsOf(agent.policy);
    await train(agent);
    expect(before).toEqual(again);
    expect(weightsOf(agent.policy)).not.toEqual(before);
  });

  it("begin an agent, which then learns as the one that began with them", async () => {
    const agent = await PPO.create(await cartPoles(), options);
    const weights = weightsOf(agent.policy);
    const same = await PPO.create(await cartPoles(), options, { weights });
    expect(weightsOf(same.policy)).toEqual(weights);
    const learnt = await train(agent);
    expect(await train(same)).toEqual(learnt);
    // Those of another seed, and not its own.
    const other = await PPO.create(await cartPoles(), { ...options, seed: 5 }, { weights: learnt });
    expect(weightsOf(other.policy)).toEqual(learnt);
    expect(weightsOf(agent.policy)).toEqual(learnt);
  });

  it("make a policy, which acts as the one that they are of", async () => {
    const { policy } = await PPO.create(await cartPoles(), { ...options, activation: "relu" });
    const same = await policyFrom<number>(weightsOf(policy), cartPole, { activation: "relu" });
    expect(same.config.hiddenSizes).toEqual([8, 6]);
    const observations = Float32Array.from({ length: 4 * 20 }, (_, index) => ((index * 7) % 13) / 3 - 2);
    expect(same.actBatch(observations)).toEqual(policy.actBatch(observations));
    expect(same.evaluate([1, 2, 3, 4])).toEqual(policy.evaluate([1, 2, 3, 4]));
    expect(weightsOf(same)).toEqual(weightsOf(policy));
  });

  it("are refused by name where they are not those of the networks", async () => {
    const { policy } = await PPO.create(await cartPoles(), options);
    const weights = weightsOf(policy);
    const bias = (data: object, shape = [8]) => changed(weights, "critic.0.bias", { shape, data });
    const broken = new Float32Array(8).fill(Number.NaN, 3, 4);
    const right = "is not a tensor [8] of finite numbers";
    const cases = [
      [changed(weights, "critic.0.bias"), "critic.0.bias is missing"],
      [changed(weights, "critic.3.bias", {}), "there is no field critic.3.bias; did you mean critic.0.bias?"],
      [bias(new Float32Array(7), [7]), `critic.0.bias: a tensor [7] ${right}`],
      [bias(broken), `critic.0.bias: a tensor [8] ${right}`],
      [bias(new Float64Array(8)), `critic.0.bias: a tensor float64 [8] ${right}`],
      [bias([0, 0, 0, 0, 0, 0, 0, 0]), `critic.0.bias: {"shape":[8],"data":[0,0,0,0,0,0,0,0]} ${right}`],
    ] as const;
    for (const [wrong, message] of cases) {
      const agent = PPO.create(await cartPoles(), options, { weights: wrong });
      await expect(agent).rejects.toThrow(new FileFormatError(message));
      await expect(policyFrom(wrong, cartPole)).rejects.toThrow(new FileFormatError(`weights: ${message}`));
    }
    await expect(PPO.create(await cartPoles(), { hiddenSizes: [9, 6] }, { weights })).rejects.toThrow(
      new FileFormatError("actor.0.weight: a tensor [4, 8] is not a tensor [4, 9] of finite numbers"),
    );
    await expect(policyFrom({ "actor.0.bias": {} } as never, cartPole)).rejects.toThrow(
      new FileFormatError("weights: actor.0.bias has no shape of one size"),
    );
    await expect(policyFrom(null as never, cartPole)).rejects.toThrow(
      new ConfigurationError("policyFrom: weights: null is not an object"),
    );
    await expect(PPO.create(await cartPoles(), options, { weigths: weights } as never)).rejects.toThrow(
      new ConfigurationError("PPO: there is no option weigths; did you mean weights?"),
    );
    const agent = await PPO.create(await cartPoles(), options);
    await expect(PPO.resume(agent.env, agent.checkpoint(), { weights } as never)).rejects.toThrow(ConfigurationError);
  });
});

/** What float32 may add to an output: half an ulp for each sum and product, through layers whose inputs are bounded. */
function errorOf(weights: Weights, network: string): number {
  const unit = 2 ** -24;
  let [error, largest] = [0, 2]; // observations are within 2
  for (let layer = 0; layer < 3; layer++) {
    const { shape, data } = weights[`${network}.${layer}.weight`] as Weights[string];
    const [inputs, outputs] = shape as [number, number];
    const sums = Array.from({ length: outputs }, (_, output) =>
      Array.from({ length: inputs }, (_, input) => Math.abs(data[input * outputs + output] as number)),
    ).map((column) => column.reduce((a, b) => a + b, 0));
    const norm = Math.max(...sums);
    const bias = Math.max(...(weights[`${network}.${layer}.bias`] as Weights[string]).data.map(Math.abs));
    // tanh is within two units, has no slope above 1, and no value above 1.
    error = norm * error + (inputs + 1) * unit * (norm * largest + bias) + 2 * unit;
    largest = 1;
  }
  return error;
}

const softmax = (logits: readonly number[]) => {
  const exps = logits.map(Math.exp);
  return exps.map((value) => value / exps.reduce((a, b) => a + b));
};

describe.each(fixtures)("a state dict of $convention, $kind actions", (fixture) => {
  const convention = fixture.convention as "cleanrl" | "stable-baselines3";
  const { tensors } = decodeSafetensors(new Uint8Array(Buffer.from(fixture.file, "base64")), convention);
  const weights = fromStateDict(tensors, convention);
  const discrete = fixture.kind === "discrete";
  const actionSpace = discrete ? new Discrete(3) : new Box(-1, 1, [3]);
  const load = () => policyFrom(weights, { observationSpace: new Box(-2, 2, [4]), actionSpace });

  it("says what PyTorch says", async () => {
    const policy = await load();
    expect(policy.config.hiddenSizes).toEqual([16, 16]);
    const [ofOutputs, ofValues] = [errorOf(weights, "actor"), errorOf(weights, "critic")];
    expect(Math.max(ofOutputs, ofValues)).toBeLessThan(2e-3);
    for (const [row, observation] of fixture.observations.entries()) {
      const { probabilities, mean, std, value } = policy.evaluate(observation);
      const outputs = fixture.outputs[row] as number[];
      expect(Math.abs(value - (fixture.values[row] as number))).toBeLessThanOrEqual(ofValues);
      for (const [index, expected] of (discrete ? softmax(outputs) : outputs).entries()) {
        // A probability changes by no more than half of what the difference of two logits does.
        const said = (probabilities ?? mean)[index] as number;
        expect(Math.abs(said - expected)).toBeLessThanOrEqual(ofOutputs + (discrete ? 8 * 2 ** -24 : 0));
      }
      for (const [index, expected] of (fixture.std ?? []).entries())
        expect(Math.abs((std?.[index] as number) / expected - 1)).toBeLessThanOrEqual(4 * 2 ** -24);
    }
  });

  it("acts as PyTorch does", async () => {
    const policy = await load();
    const actions = policy.actBatch(fixture.observations.flat());
    const expected = fixture.outputs.flatMap((row) =>
      discrete ? [row.indexOf(Math.max(...row))] : row.map((mean) => Math.min(Math.max(mean, -1), 1)),
    );
    const error = discrete ? 0 : errorOf(weights, "actor");
    for (const [index, action] of expected.entries())
      expect(Math.abs((actions[index] as number) - action)).toBeLessThanOrEqual(error);
  });

  it("is given back as it was", async () => {
    const bytes = encodeSafetensors({ tensors: toStateDict(weightsOf(await load()), convention), metadata: {} });
    const back = decodeSafetensors(bytes, "back").tensors;
    const sorted = (list: typeof back) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(back)).toEqual(sorted(tensors));
  });

  it("is refused by name where it is another", () => {
    const reject = (list: typeof tensors, message: string) =>
      expect(() => fromStateDict(list, convention)).toThrow(new FileFormatError(message));
    const weight = tensors.find(({ name }) => name.endsWith("0.weight")) as (typeof tensors)[number];
    const rest = tensors.filter((tensor) => tensor !== weight);
    reject([{ ...weight, name: "features.0" }, ...rest], `${weight.name} is missing`);
    reject([{ ...weight, shape: [64] }, ...rest], `${weight.name}: [64] is no matrix`);
    reject(
      [{ ...weight, data: new Float64Array(64) }, ...rest],
      `${weight.name}: a tensor float64 [16, 4] is not float32`,
    );
    const other = convention === "cleanrl" ? "stable-baselines3" : "cleanrl";
    expect(() => fromStateDict(tensors, other)).toThrow(FileFormatError);
    expect(() => fromStateDict(tensors, "rllib" as never)).toThrow(
      new ConfigurationError('convention: "rllib" is not cleanrl or stable-baselines3'),
    );
    expect(() => toStateDict(changed(weights, "actor.0.bias"), convention)).toThrow(FileFormatError);
  });
});
