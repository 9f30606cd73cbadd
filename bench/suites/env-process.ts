// One environment in a process of its own, which envs.ts starts: ID and what is asked of it, "step" or "train". Answers
// every message, the seconds to go on for, with the steps of a second, or with why there are none.

import { Box, makeVec, PCG64, PPO, presetOf } from "proximal";
import { Engine } from "proximal/engine";
import { registerEnvironment } from "#cli/families";
import { median, timedIterations } from "../measure.ts";
import { type Answer, NUM_ENVS, trained } from "./envs.ts";

/** Batches of actions, drawn beforehand. */
const BATCHES = 64;
/** Steps between two looks at the clock take at least so many milliseconds. */
const STRETCH = 5;

async function stepper(id: string): Promise<(seconds: number) => number> {
  const env = await makeVec(id, { numEnvs: NUM_ENVS, seed: 1 });
  const space = env.singleActionSpace;
  const rng = new PCG64(await Engine.create(), 1);
  const batches = Array.from({ length: BATCHES }, () => {
    const drawn = Array.from({ length: NUM_ENVS }, () => space.sample(rng)).flatMap((action) =>
      typeof action === "number" ? [action] : [...action],
    );
    return space instanceof Box && space.dtype === "float32" ? Float32Array.from(drawn) : Int32Array.from(drawn);
  });
  env.reset();
  let count = 0;
  const advance = (steps: number): void => {
    for (let step = 0; step < steps; step++) env.step(batches[count++ % BATCHES] as Int32Array);
  };
  return (seconds) => {
    const start = performance.now();
    const first = count;
    for (let stretch = 1; performance.now() - start < 1000 * seconds; ) {
      const before = performance.now();
      advance(stretch);
      if (performance.now() - before < STRETCH) stretch *= 2;
    }
    return (NUM_ENVS * (count - first) * 1000) / (performance.now() - start);
  };
}

async function trainer(id: string): Promise<(seconds: number) => Promise<number>> {
  const probe = await makeVec(id, { numEnvs: 1 });
  const { singleObservationSpace: observationSpace, singleActionSpace: actionSpace } = probe;
  const { numEnvs, hyperparameters } = presetOf("cleanrl", { observationSpace, actionSpace });
  probe.close?.();
  const env = await makeVec(id, { numEnvs, seed: 1 });
  const agent = await PPO.create(env, { ...hyperparameters, ...trained[id] });
  return async (atMost) => {
    const durations: number[] = [];
    let elapsed = 0;
    for await (const { seconds } of timedIterations(agent, Number.MAX_SAFE_INTEGER)) {
      durations.push(seconds);
      elapsed += seconds;
      if (elapsed > atMost && durations.length > 2) break;
    }
    return (numEnvs * agent.config.numSteps) / median(durations);
  };
}

const [id = "", what] = process.argv.slice(2);
const asked: (answer: Answer) => void = (answer) => process.send?.(answer);
try {
  await registerEnvironment(id);
  const measured = await (what === "train" ? trainer(id) : stepper(id));
  process.on("message", async (seconds: number) => {
    try {
      asked({ stepsPerSecond: await measured(seconds) });
    } catch (error) {
      asked({ error: (error as Error).message });
    }
  });
} catch (error) {
  process.once("message", () => asked({ error: (error as Error).message }));
}
