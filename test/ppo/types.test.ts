// Of which type an action is: what TypeScript knows of it from the environments. `npm run typecheck` is the test of the
// types; what runs here says that they are true.

import { expect, expectTypeOf, it } from "vitest";
import {
  Box,
  Discrete,
  type Env,
  type EnvironmentActions,
  MultiBinary,
  make,
  makeVec,
  Policy,
  PPO,
  SyncVectorEnv,
} from "../../src/index.ts";
import { Policy as Acting } from "../../src/policy/index.ts";

declare module "proximal" {
  interface EnvironmentActions {
    readonly "Typed-v0": Float32Array;
  }
}

/** As a user writes it who does not know of `Env`. */
class Corridor {
  observationSpace = new Box(0, 1, [1]);
  actionSpace = new Discrete(2);
  reset(_ = {}, into = new Float32Array(1)) {
    return into.fill(0);
  }
  step(_: number, into = { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false }) {
    return into;
  }
}

class Follower implements Env<Float32Array> {
  readonly observationSpace = new Box(-1, 1, [1]);
  readonly actionSpace = new Box(-1, 1, [2]);
  reset(): Float32Array {
    return new Float32Array(1);
  }
  step(_: Float32Array) {
    return { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
  }
}

const small = { hiddenSizes: [2], numSteps: 8 };

it("an action for a Discrete space is a number", async () => {
  for (const env of [await makeVec("CartPole-v1"), await makeVec(async () => make("CartPole-v1"))]) {
    const agent = await PPO.create(env, small);
    const action: number = agent.act([0, 0, 0, 0]);
    const same: number = agent.policy.act([0, 0, 0, 0]);
    expect([typeof action, typeof same]).toEqual(["number", "number"]);
    expectTypeOf(agent).toEqualTypeOf<PPO<number>>();
    const resumed: PPO<number> = await PPO.resume(env, agent.checkpoint());
    expect(resumed.act([0, 0, 0, 0])).toBe(action);
    const loaded: number = (await Policy.load<number>(agent.policy.toBytes())).act([0, 0, 0, 0]);
    const acted: number = (await Acting.load<number>(agent.policy.toBytes())).act([0, 0, 0, 0]);
    expect([loaded, acted]).toEqual([action, action]);
  }
  const corridor = await PPO.create(await makeVec(() => new Corridor()), small);
  expectTypeOf(corridor.act).returns.toEqualTypeOf<number>();
  expect(typeof corridor.act([0])).toBe("number");
});

it("an action for a Box is an array", async () => {
  const env = await makeVec(() => new Follower());
  expectTypeOf(
    (await PPO.create(new SyncVectorEnv([new Follower()]), small)).act,
  ).returns.toEqualTypeOf<Float32Array>();
  const action: Float32Array = (await PPO.create(env, small)).act([0]);
  expect(action).toBeInstanceOf(Float32Array);
});

it("an action of several choices is an array of integers", async () => {
  class Switches implements Env<Int32Array> {
    readonly observationSpace = new Box(-1, 1, [1]);
    readonly actionSpace = new MultiBinary(3);
    reset(): Float32Array {
      return new Float32Array(1);
    }
    step(_: Int32Array) {
      return { observation: new Float32Array(1), reward: 0, terminated: false, truncated: false };
    }
  }
  const agent = await PPO.create(await makeVec(() => new Switches()), small);
  const action: Int32Array = agent.act([0]);
  const several: Int32Array = agent.policy.actBatch([0, 1]);
  const probabilities: Float32Array = agent.policy.evaluate([0]).probabilities;
  expect([action.length, several.length, probabilities.length]).toEqual([3, 6, 6]);
  expect([action, several].map((x) => x instanceof Int32Array)).toEqual([true, true]);
});

it("is either where nothing says which", async () => {
  const id: string = "CartPole-v1";
  const agent = await PPO.create(await makeVec(id), small);
  expectTypeOf(agent.act).returns.toEqualTypeOf<number | Int32Array | Float32Array>();
  // @ts-expect-error: it may be an array
  const action: number = agent.act([0, 0, 0, 0]);
  expect(action).toBeTypeOf("number");
  const known: PPO = await PPO.create(await makeVec("CartPole-v1"), small);
  // @ts-expect-error: an agent of any actions is none of numbers
  const wrong: PPO<number> = known;
  expect(wrong).toBe(known);
});

it("is what a user has declared of an id", () => {
  expectTypeOf<EnvironmentActions["CartPole-v1"]>().toEqualTypeOf<number>();
  const declared = () => makeVec("Typed-v0").then((env) => PPO.create(env));
  expectTypeOf(declared).returns.resolves.toEqualTypeOf<PPO<Float32Array>>();
  expectTypeOf(() => make("Typed-v0")).returns.resolves.toEqualTypeOf<Env<Float32Array>>();
});
