// The arrays that pass between a learner and its environments: one buffer, which may be shared.

import { describe, expect, it } from "vitest";
import { StepBuffers } from "../../src/envs/step-buffers.ts";
import { Box, Discrete, EnvironmentError } from "../../src/index.ts";

const pixels = { observationSpace: new Box(0, 255, [3], "uint8"), actionSpace: new Discrete(4) };
const robot = { observationSpace: new Box(-1, 1, [2, 2]), actionSpace: new Box([-1, 0], [1, 4]) };
const numEnvs = 3;

describe("the buffers of a step", () => {
  it("are of the spaces' shapes and data types, each at a cache line of one buffer", () => {
    const buffers = new StepBuffers({ name: "Robot", numEnvs, ...robot });
    const { observations, finalObservations, actions, rewards, terminated, truncated, buffer } = buffers;
    const arrays = [observations, finalObservations, actions, rewards, terminated, truncated];
    expect(arrays.map((array) => [array.constructor, array.length])).toEqual([
      [Float32Array, 12],
      [Float32Array, 12],
      [Float32Array, 6],
      [Float32Array, 3],
      [Uint8Array, 3],
      [Uint8Array, 3],
    ]);
    expect(arrays.every((array) => array.buffer === buffer && array.byteOffset % 64 === 0)).toBe(true);
    expect(new StepBuffers({ name: "Pixels", numEnvs, ...pixels }).observations).toBeInstanceOf(Uint8Array);
  });

  it.skipIf(typeof SharedArrayBuffer === "undefined")("are the same for two who share the buffer", () => {
    const buffer = new SharedArrayBuffer(StepBuffers.byteLength({ numEnvs, ...pixels }));
    const [learner, worker] = [0, 1].map(() => new StepBuffers({ name: "Pixels", numEnvs, ...pixels, buffer })) as [
      StepBuffers,
      StepBuffers,
    ];
    learner.setActions([3, 0, 1]);
    expect([0, 1, 2].map((index) => worker.action(index))).toEqual([3, 0, 1]);
    worker.observationRow(1).set([7, 8, 9]);
    const result = { observation: worker.observationRow(1), reward: 0.5, terminated: true, truncated: false };
    worker.setResult(1, result, 1);
    expect([...learner.observations]).toEqual([0, 0, 0, 7, 8, 9, 0, 0, 0]);
    expect([...learner.finalObservations]).toEqual([0, 0, 0, 7, 8, 9, 0, 0, 0]);
    expect([[...learner.rewards], [...learner.terminated], [...learner.truncated]]).toEqual([
      [0, 0.5, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  it("give an action as a number where its shape is [], else as its row", () => {
    const buffers = new StepBuffers({ name: "Robot", numEnvs, ...robot });
    buffers.setActions([0, 1, -1, 2, 1, 4]);
    expect([0, 1, 2].map((index) => [...(buffers.action(index) as Float32Array)])).toEqual([
      [0, 1],
      [-1, 2],
      [1, 4],
    ]);
    const throttle = { ...robot, actionSpace: new Box(0, 1, []) };
    const scalar = new StepBuffers({ name: "Throttle", numEnvs, ...throttle });
    scalar.setActions([0, 0.5, 1]);
    expect([0, 1, 2].map((index) => scalar.action(index))).toEqual([0, 0.5, 1]);
    expect(() => scalar.setActions([0, 2, 0])).toThrow(
      new EnvironmentError("Throttle: action is 2 in environment 1; it has to be from 0 to 1"),
    );
    // None of a step that is refused is taken.
    expect(scalar.action(1)).toBe(0.5);
  });
});
