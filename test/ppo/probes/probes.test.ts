// Environments whose answer is known, and which one part of the algorithm alone can miss. The learning rate falls to 0
// and the rewards are not random, so that values come to rest on the answer: VALUE is a tenth or less of how far the
// fault that a probe is for moves it. Kernels are strict, so that a run is the same everywhere.

import { describe, expect, it } from "vitest";
import * as layers from "../../../src/nn/index.ts";
import { recurrentNetwork } from "../recurrent-network.ts";
import { learn, type Probe, type Row } from "./probe.ts";

const VALUE = 0.05;
const SURE = 0.95;

/** Rows that look like this, of which there have to be some. */
function rowsOf(rows: readonly Row[], ...observation: readonly number[]): readonly Row[] {
  const found = rows.filter((row) => row.observation.every((x, index) => x === observation[index]));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** What an observation has to be worth, and what has to be done about it, where that is asked. */
function expectAnswer(rows: readonly Row[], value: number, action?: number): void {
  for (const row of rows) {
    expect(Math.abs(row.value - value)).toBeLessThanOrEqual(VALUE);
    if (action !== undefined && row.action === action) expect(row.probability).toBeGreaterThanOrEqual(SURE);
  }
  if (action !== undefined) expect(rows.some((row) => row.action === action)).toBe(true);
}

it("a constant reward: the critic learns it", async () => {
  const rows = await learn({ steps: 1, see: () => [0], reward: () => 0.7 }, 20);
  expectAnswer(rows, 0.7);
});

it("a reward by observation: the critic tells observations apart", async () => {
  const rows = await learn({ steps: 1, see: (_, coin) => [coin], reward: (_, __, coin) => coin }, 20);
  expectAnswer(rowsOf(rows, 1), 1);
  expectAnswer(rowsOf(rows, -1), -1);
});

it("a reward by action: the actor takes the better one", async () => {
  const rows = await learn({ steps: 1, see: () => [0], reward: (_, action) => (action === 1 ? 1 : -1) }, 20);
  expectAnswer(
    rows.filter(({ action }) => action === 1),
    1,
    1,
  );
});

it("a reward by action and observation: the actor tells observations apart", async () => {
  const probe: Probe = { steps: 1, see: (_, coin) => [coin], reward: (_, action, coin) => (2 * action - 1) * coin };
  const rows = await learn(probe, 25);
  expectAnswer(rowsOf(rows, 1), 1, 1);
  expectAnswer(rowsOf(rows, -1), 1, 0);
});

it("a reward a step later: it is discounted once", async () => {
  const rows = await learn({ steps: 2, see: (t) => [t], reward: (t) => t, gamma: 0.5 }, 25);
  expectAnswer(rowsOf(rows, 0), 0.5);
  expectAnswer(rowsOf(rows, 1), 1);
});

it("credit for what was done a step before, of which the last observation says nothing", async () => {
  // Nothing is gained in step 0; step 1 pays for the action of step 0.
  let first = 0;
  const probe: Probe = {
    ...{ steps: 2, see: (t) => [t], gamma: 0.5 },
    reward: (t, action) => {
      if (t === 0) first = action;
      return t === 0 ? 0 : first;
    },
  };
  // One environment after the other: each reward follows the action that it is for.
  const rows = await learn(probe, 30, { numEnvs: 1 });
  expectAnswer(rowsOf(rows, 0), 0.5, 1);
});

describe("episodes that only ever truncate", () => {
  // Everything looks the same, so that V = r + γV.
  const probe: Probe = { steps: 4, isCutOff: true, see: () => [0.5], reward: () => 1, gamma: 0.8 };

  it("are worth r / (1 - γ)", async () => {
    const rows = await learn(probe, 60);
    expectAnswer(rows, 1 / (1 - 0.8));
  });

  it("are worth less where they end", async () => {
    const rows = await learn({ ...probe, isCutOff: false }, 60);
    for (const { value } of rows) expect(value).toBeLessThan(3);
  });
});

it("a mask that forbids the best action: the next best is taken, and the forbidden one never", async () => {
  const probe: Probe = {
    ...{ steps: 1, actions: 3, see: (_, coin) => [coin] },
    reward: (_, action) => [1, 0.5, -1][action] as number,
    mask: (coin) => [coin === 1 ? 0 : 1, 1, 1],
  };
  const rows = await learn(probe, 30);
  expectAnswer(rowsOf(rows, -1), 1, 0);
  expectAnswer(rowsOf(rows, 1), 0.5, 1);
  expect(rowsOf(rows, 1).every(({ action }) => action !== 0)).toBe(true);
});

describe.each(["LSTM", "GRU"] as const)("memory, %s", (cell) => {
  // The coin is seen in step 0 alone, and to be named in step 2.
  const probe: Probe = {
    ...{ steps: 3, see: (t, coin) => [t === 0 ? coin : 0, t === 2 ? 1 : 0], gamma: 0.9 },
    reward: (t, action, coin) => (t < 2 ? 0 : (2 * action - 1) * coin),
  };

  it("names what was seen two steps before", async () => {
    const rows = await learn(probe, 60, { network: recurrentNetwork(layers, cell, 8) });
    const asked = rowsOf(rows, 0, 1);
    for (const row of asked) {
      expect(row.reward).toBe(1);
      expect(row.probability).toBeGreaterThanOrEqual(SURE);
      expect(Math.abs(row.value - 1)).toBeLessThanOrEqual(VALUE);
    }
    expectAnswer(rowsOf(rows, 1, 0), 0.81);
    expectAnswer(rowsOf(rows, -1, 0), 0.81);
  });

  it("is needed for it", async () => {
    const rows = await learn(probe, 60);
    for (const { value } of rowsOf(rows, 0, 1)) expect(value).toBeLessThan(0.5);
  });
});
