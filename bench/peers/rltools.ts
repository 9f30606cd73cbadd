// RLtools, templates of C++ and the fastest PPO on a CPU that is known, on the benchmark of its own: Pendulum with four
// environments of 1024 steps. Its headers are those of the Python package rltools; a C++ compiler and OpenBLAS have to
// be there.

import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeVec, PPO } from "proximal";
import type { KernelVariant } from "proximal/engine";
import { at } from "../repository.ts";

const run = promisify(execFile);

/** Steps of the benchmark. */
const TOTAL_STEPS = 307_200;

/** Says where the headers are, and of which version, as Python's import system finds the package. */
const FIND = `
from importlib.metadata import version
from importlib.util import find_spec
print(find_spec("rltools").submodule_search_locations[0] + "/external/rl_tools/include")
print(version("rltools"))
`;

/** The benchmark, compiled for this machine. */
export interface RLtools {
  readonly version: string;
  /** Trains once, in a process of its own. @returns steps a second */
  train(): Promise<number>;
}

/** @throws where the headers, a compiler or OpenBLAS are missing */
export async function compileRLtools(): Promise<RLtools> {
  const { stdout } = await run(process.env.PYTHON ?? "python3", ["-c", FIND]);
  const [headers = "", version = ""] = stdout.trim().split("\n");
  mkdirSync(at("build/"), { recursive: true });
  const [source, program] = ["bench/peers/cpp/rltools_ppo.cpp", "build/rltools_ppo"].map((path) =>
    fileURLToPath(at(path)),
  ) as [string, string];
  const options = ["-std=c++17", "-Ofast", "-march=native", "-DRL_TOOLS_BACKEND_ENABLE_OPENBLAS"];
  await run(process.env.CXX ?? "g++", [...options, "-I", headers, source, "-lopenblas", "-o", program]);
  return {
    version,
    async train() {
      const { stdout } = await run(program, [], { env: { ...process.env, OPENBLAS_NUM_THREADS: "1" } });
      return (JSON.parse(stdout) as { stepsPerSecond: number }).stepsPerSecond;
    },
  };
}

/** The same work by this library. @returns steps a second, from the first iteration to the last */
export async function trainPendulum(kernels: KernelVariant): Promise<number> {
  const agent = await PPO.create(await makeVec("Pendulum-v1", { numEnvs: 4, seed: 1 }), {
    ...{ kernels, activation: "relu", hiddenSizes: [64, 64] },
    ...{ numSteps: 1024, numMinibatches: 16, numEpochs: 2, gamma: 0.9 },
    ...{ learningRate: 1e-3, annealLearningRate: false, clipValueLoss: false, entropyCoefficient: 0 },
    initialLogStd: Math.LN2,
  });
  const start = performance.now();
  for await (const _ of agent.train({ totalSteps: TOTAL_STEPS }));
  return (1000 * TOTAL_STEPS) / (performance.now() - start);
}
