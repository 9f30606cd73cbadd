// PPO in a thread of its own: the same numbers as without one, the same errors, and a page that is drawn meanwhile.

import { afterEach, expect, it } from "vitest";
import * as here from "../../src/index.ts";
import { makeVec, PPO } from "../../src/worker/index.ts";
import { medianFrame, trainForAWhile } from "../ppo/frames.ts";

const options = { numSteps: 16, hiddenSizes: [8], seed: 4 };
const observation = [0.01, -0.02, 0.03, 0.04];
const agents: PPO[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.close();
});

async function create(given: Partial<here.Hyperparameters> = options): Promise<PPO> {
  const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs: 2, seed: 3 }), given);
  agents.push(agent);
  return agent;
}

async function iterate(agent: Pick<here.PPO, "train"> | PPO, most = 3, totalSteps = 160): Promise<here.Iteration[]> {
  const seen: here.Iteration[] = [];
  for await (const iteration of agent.train({ totalSteps })) if (seen.push(iteration) === most) break;
  return seen;
}

it("trains to the same bytes, goes on after a break, and resumes on either side", async () => {
  const env = await here.makeVec("CartPole-v1", { numEnvs: 2, seed: 3 });
  const [one, other] = [await here.PPO.create(env, options), await create()];
  expect(other.config).toEqual(one.config);
  for (let part = 0; part < 2; part++) {
    expect(await iterate(other, 2)).toEqual(await iterate(one, 2));
    expect(other.policy.toBytes()).toEqual(one.policy.toBytes());
    expect([other.iteration, other.steps, other.totalSteps]).toEqual([one.iteration, one.steps, one.totalSteps]);
  }
  for (const deterministic of [true, false, false, false])
    expect(other.act(observation, { deterministic })).toEqual(one.act(observation, { deterministic }));
  const checkpoint = await other.checkpoint();
  expect(checkpoint).toEqual(one.checkpoint());

  const resumed = await PPO.resume(await makeVec("CartPole-v1", { numEnvs: 2 }), checkpoint);
  agents.push(resumed);
  expect(resumed.iteration).toBe(4);
  expect(await iterate(resumed)).toEqual(await iterate(one));
  expect(resumed.policy.toBytes()).toEqual(one.policy.toBytes());
});

it("throws what PPO throws, of the same class", async () => {
  const refused = async (promise: Promise<unknown>, error: Error) => await expect(promise).rejects.toThrow(error);
  await refused(create({ gamma: 2 }), new here.ConfigurationError("gamma: 2 is not a number from 0 to 1"));
  await refused(
    PPO.create(await makeVec("Cartpole-v1")),
    new here.UnknownEnvironmentError('unknown environment "Cartpole-v1"; did you mean CartPole-v1?'),
  );
  await refused(
    makeVec((() => {}) as unknown as string),
    new here.ConfigurationError(
      "makeVec: env is of type function; for another thread it has to be the id of an environment registered there",
    ),
  );
  await refused(
    PPO.create((await here.makeVec("CartPole-v1")) as never),
    new here.ConfigurationError("env: it has to be what makeVec of proximal/worker gives"),
  );
  await refused(
    PPO.resume(await makeVec("CartPole-v1"), new Uint8Array(3)),
    new here.FileFormatError("checkpoint: 3 bytes are too few for a safetensors file"),
  );
  const agent = await create();
  await refused(iterate(agent, 1, -1), new here.ConfigurationError("totalSteps: -1 is not an integer of at least 1"));
  await refused(
    iterate(await create({ ...options, learningRate: 1e30 }), 9),
    expect.objectContaining({ name: "NonFiniteError" }) as unknown as Error,
  );
});

it("says of a loop that another took the place of, as PPO does", async () => {
  const agent = await create();
  const first = agent.train({ totalSteps: 160 });
  await first.next();
  await agent.train().next();
  await expect(first.next()).rejects.toThrow(/^train: it was called again in the middle of this loop/);
});

it("ends before the next iteration once a signal is aborted, with what was found at hand", async () => {
  const agent = await create();
  const reason = new Error("enough");
  const signal = {
    aborted: false,
    throwIfAborted() {
      if (this.aborted) throw reason;
    },
  };
  const training = agent.train({ totalSteps: 160, signal });
  await training.next();
  signal.aborted = true;
  await expect(training.next()).rejects.toThrow(reason);
  expect([agent.iteration, agent.findings]).toEqual([1, []]);
  await expect(agent.train({ signal: 5 as never }).next()).rejects.toThrow(
    new here.ConfigurationError("signal: 5 is no AbortSignal"),
  );
  for await (const { iteration } of agent.train()) expect(iteration).toBeGreaterThan(1);
  agent.close();
});

it("answers nothing any more once it is closed", async () => {
  const agent = await create();
  const next = agent.train({ totalSteps: 1e6 }).next();
  agent.close();
  const error = new here.ConfigurationError("PPO: it was closed");
  await expect(next).rejects.toThrow(error);
  await expect(agent.checkpoint()).rejects.toThrow(error);
  expect(agent.act(observation)).toBeTypeOf("number");
});

it.runIf("document" in globalThis)("a page is drawn at 60 frames a second, however long an update takes", async () => {
  const agent = await create({ numSteps: 2048, hiddenSizes: [256, 256], numMinibatches: 1 });
  const median = await medianFrame(() => trainForAWhile(agent.train({ totalSteps: 1e9 })));
  expect(1000 / median).toBeGreaterThan(55);
});
