// Every environment of this package, those of families with an entry of their own included, and what is asked of each
// beyond its own tests.

import { registerFamilies } from "../../src/cli/families.ts";
import { drawAction } from "../../src/envs/conformance/actions.ts";
import { type Engine, environments, make, PCG64 } from "../../src/index.ts";

registerFamilies();

/** Why an environment cannot be made where the tests run, by its id. */
const elsewhere: Readonly<Record<string, string>> = {};

/** Why the bytes of an episode are not the same on every engine, by the id of the environment. */
export const perEngine: Readonly<Record<string, string>> = {};

/** The ids of all that can be made. */
export const ids = environments()
  .map(({ id }) => id)
  .filter((id) => !Object.hasOwn(elsewhere, id));

const STEPS = 300;

/** SHA-256 of all that came of so many steps of random actions, in hexadecimal. */
export async function checksumOf(id: string, engine: Engine): Promise<string> {
  const env = await make(id, { seed: 1, engine });
  const rng = new PCG64(engine, 2);
  const { flat } = env.observationSpace;
  const row = new Float64Array(flat.shape.reduce((product, size) => product * size, 1));
  const numbers: number[] = [];
  const show = (observation: unknown, ...more: number[]) => {
    env.observationSpace.flatten(observation, row);
    for (const number of row) numbers.push(number);
    numbers.push(...more);
  };
  show(env.reset({ seed: 3 }));
  for (let step = 0; step < STEPS; step++) {
    const action = drawAction(env.actionSpace, rng, env.actionMask?.());
    const { observation, reward, terminated, truncated } = env.step(action as number);
    show(observation, reward, Number(terminated), Number(truncated));
    if (terminated || truncated) show(env.reset());
  }
  env.close?.();
  const digest = await crypto.subtle.digest("SHA-256", Float64Array.from(numbers));
  return Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
