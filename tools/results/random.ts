// Prints the mean return of 100 episodes of uniformly drawn actions of each task, from which scores are counted:
//   node tools/run.mjs tools/results/random.ts [task ...]

import { Engine, make, PCG64, register } from "proximal";
import { box2d } from "proximal/envs/box2d";
import { minatar } from "proximal/envs/minatar";
import { mujoco } from "proximal/envs/mujoco";
import { tasks } from "./tasks.ts";

const EPISODES = 100;

for (const family of [box2d, minatar, mujoco]) register(...family);
const engine = await Engine.create();
for (const { name, env: id } of tasks) {
  if (id.startsWith("gymnasium:") || (process.argv.length > 2 && !process.argv.includes(name))) continue;
  const env = await make(id, { seed: 1 });
  const random = new PCG64(engine, 1);
  let total = 0;
  for (let episode = 0; episode < EPISODES; episode++) {
    env.reset();
    for (let isOver = false; !isOver; ) {
      const { reward, terminated, truncated } = env.step(env.actionSpace.sample(random) as never);
      total += reward;
      isOver = terminated || truncated;
    }
  }
  env.close?.();
  process.stdout.write(`${name} ${(total / EPISODES).toPrecision(4)}\n`);
}
