// The same bytes on every engine: the parameters after training are those recorded here, in Node, Chromium and Firefox
// alike. A checksum changes when the arithmetic does, and then has to be the new one everywhere.

import { expect, it } from "vitest";
import * as library from "../../src/index.ts";
import { decodeSafetensors } from "../../src/io/index.ts";
import * as layers from "../../src/nn/index.ts";
import type { DataOf } from "../../src/tensor/index.ts";
import * as ops from "../../src/tensor/index.ts";
import { updateRun } from "./update-run.ts";

/** SHA-256 of the bytes of arrays, one after the other, in hexadecimal. */
async function checksum(arrays: readonly DataOf[]): Promise<string> {
  const bytes = await new Blob(arrays.map((array) => new Uint8Array(array.slice().buffer))).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

it("twenty iterations on CartPole-v1 end in the recorded parameters", async () => {
  const env = await library.makeVec("CartPole-v1", { numEnvs: 4, seed: 1 });
  const agent = await library.PPO.create(env, { seed: 1, numSteps: 64 });
  let iterations = 0;
  for await (const { iteration } of agent.train({ totalSteps: 20 * 4 * 64 })) iterations = iteration;
  expect(iterations).toBe(20);
  const { tensors } = decodeSafetensors(agent.policy.toBytes(), "policy");
  expect(await checksum(tensors.map(({ data }) => data))).toBe(
    "a2b70876f9518076bca2d94495016909fc774ed3bc14003cd70d8d3670f2fea0",
  );
});

it("two iterations of a Gaussian policy end in the recorded parameters", async () => {
  const { iterations } = await updateRun(library, ops, layers, "gaussian");
  const parameters = Object.values(iterations.at(-1)?.parameters ?? {});
  expect(await checksum(parameters.map(({ values }) => Float32Array.from(values)))).toBe(
    "5db6d6b19fbc70ed95cbec3af4d541e8343a6e997706d2fefa1cf274588710b9",
  );
});
