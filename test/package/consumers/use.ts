// What an installed package has to compile with: every entry, by the types that it ships.

import { type EngineChoice, makeVec, type Policy, PPO, presetFor, register } from "proximal";
import { Engine, type LinearMemory, Stream } from "proximal/engine";
import { Box, Discrete, make } from "proximal/envs";
import { decodeSafetensors, encodeSafetensors } from "proximal/io";
import { MLP, Parameters } from "proximal/nn";
import { toOnnx } from "proximal/onnx";
import { Adam } from "proximal/optim";
import { Policy as Acting } from "proximal/policy";
import { hyperparameters, ppoLoss } from "proximal/ppo";
import { float32, mean, program, square } from "proximal/tensor";

declare module "proximal" {
  interface EnvironmentActions {
    readonly "Reacher-v0": Float32Array;
  }
}

export async function train(module: object): Promise<Policy<number>> {
  const engine = await Engine.create({ module });
  const choice: EngineChoice = { engine };
  const { numEnvs, totalSteps } = presetFor("CartPole-v1");
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs, seed: 1, engine }), { seed: 1 }, choice);
  for await (const { meanReturn } of agent.train({ totalSteps })) if (meanReturn > 475) break;
  const bytes: Uint8Array = agent.checkpoint();
  const acting = await Acting.load(agent.policy.toBytes(), choice);
  acting.act(bytes);
  const action: number = agent.act([0, 0, 0, 0]);
  const reach: Float32Array = (await PPO.create(await makeVec("Reacher-v0"))).act([action]);
  acting.act(reach);
  toOnnx(agent.policy);
  return agent.policy;
}

export async function fit(engine: Engine): Promise<LinearMemory> {
  const parameters = new Parameters(engine);
  const network = new MLP(parameters, "network", [1, 8, 1]);
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const step = program(engine, { x: float32([4, 1]) }, ({ x }) => ({ loss: mean(square(network.forward(x))) }), {
    differentiate: parameters,
  });
  step.run();
  new Adam(parameters, { learningRate: 1e-2 }).step();
  return engine.memory;
}

export const others = [
  make,
  register,
  decodeSafetensors,
  encodeSafetensors,
  hyperparameters,
  ppoLoss,
  new Box(0, 1, [1]),
  new Discrete(2),
];
