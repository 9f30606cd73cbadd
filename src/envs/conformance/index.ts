// Whether an environment keeps the rules that all of them are held to: said in words, for its author.

import { atLeastOne, checkNames, checkValue, count } from "../../base/ranges.ts";
import type { AnyEnv } from "../env.ts";
import type { ConformanceFinding, ConformanceOptions } from "./finding.ts";

/**
 * Looks at environments as `make` makes them, and says what breaks the rules: of spaces, observations and rewards, of
 * arrays to write into, seeds, `state` and `restore`, ends of episodes, refused actions, masks, `render` and `close`.
 *
 * ```ts
 * for (const { kind, rule, found, expected } of await checkConformance(() => new CartPole(engine)))
 *   console.log(`${kind}: ${rule}: ${found}; ${expected}`);
 * ```
 *
 * @param make makes an environment; it is called several times, and has to give another object each time
 * @returns nothing where all is well; else what was found, one finding for each rule that is broken in its own way
 * @throws ConfigurationError for an unknown option, or one out of range; what `make` throws
 */
export async function checkConformance(
  make: () => AnyEnv | Promise<AnyEnv>,
  options: ConformanceOptions = {},
): Promise<readonly ConformanceFinding[]> {
  checkNames("checkConformance", options, ["seed", "steps", "engine", "heapUsed"]);
  const { seed = 1, steps = 1000 } = options;
  checkValue("checkConformance: seed", count, seed);
  checkValue("checkConformance: steps", atLeastOne, steps);
  const { findingsOf } = await import("./rules.ts");
  return await findingsOf(make, { ...options, seed, steps });
}
