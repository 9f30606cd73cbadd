// Every environment of this package keeps the rules, and gives the bytes that are recorded, in Node, Chromium and
// Firefox alike.

import { describe, expect, it } from "vitest";
import { checkConformance, Engine, environments, make, TimeLimit } from "../../src/index.ts";
import checksums from "./checksums.json" with { type: "json" };
import { checksumOf, ids, perEngine } from "./families.ts";

const engine = await Engine.create();
/** In Node alone. */
const memory = (globalThis as { process?: Partial<NodeJS.Process> }).process?.memoryUsage;

/** What an environment may do without; where no episode ends by chance, those of the second test do. */
const notes = /^(it has no (actionMask|render)|no episode ended in 240 steps of random actions)$/;

describe.each(ids)("%s", (id) => {
  // What stands on a package allocates as that does.
  const isOwn = environments().some((spec) => spec.id === id && spec.requires === undefined);

  it("keeps the rules of an environment", async () => {
    const findings = await checkConformance(() => make(id, { engine }), {
      steps: 60,
      ...(memory && isOwn && { heapUsed: () => memory().heapUsed }),
    });
    expect(findings.filter(({ found }) => !notes.test(found))).toEqual([]);
  });

  it("keeps them where episodes are cut off after a few steps", async () => {
    const limited = async () => new TimeLimit(await make(id, { engine }), 7);
    const findings = await checkConformance(limited, { steps: 50, seed: 5 });
    expect(findings.filter(({ found }) => !notes.test(found))).toEqual([]);
  });

  it.skipIf(Object.hasOwn(perEngine, id))("gives the bytes that are recorded, on every engine", async () => {
    expect(checksums).toHaveProperty([id], await checksumOf(id, engine));
  });
});

it("no environment is recorded that is not there", () => {
  expect(Object.keys(checksums).filter((id) => !ids.includes(id))).toEqual([]);
});
