// What a page carries: environments and the fma kernels are parts of their own, which are loaded when they are used.

import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, describe, expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const entry = join(here, `entry-${process.pid}.ts`);
afterAll(() => rmSync(entry, { force: true }));

/** The chunks that Vite makes of a page with this script; the first is what the page loads at once. */
async function chunksOf(script: string): Promise<string[]> {
  writeFileSync(entry, script);
  const made = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: false, rollupOptions: { input: entry, preserveEntrySignatures: false } },
  });
  const { output } = [made].flat()[0] as { output: { type: string; isEntry?: boolean; code: string }[] };
  const chunks = output.filter(({ type }) => type === "chunk");
  return chunks.sort((a, b) => Number(b.isEntry) - Number(a.isEntry)).map(({ code }) => code);
}

/** Texts that stand in one file of src/ only. */
const marks = { cartPole: "CartPole-v1: step before the first reset", strict: "0061736d", learner: "clipFraction" };

describe("a page that trains", () => {
  it("loads an environment when it makes it, and the fma kernels when it asks for them", async () => {
    const [first, ...later] = (await chunksOf(
      'import { makeVec, PPO } from "../../src/index.ts";\n' +
        'PPO.create(await makeVec("CartPole-v1")).then((agent) => console.log(agent));',
    )) as [string, ...string[]];
    expect(first).toContain(marks.learner);
    expect(first).not.toContain(marks.cartPole);
    expect(later.filter((code) => code.includes(marks.cartPole))).toHaveLength(1);
    // One module of kernels at once, the other later.
    expect(first.split(marks.strict)).toHaveLength(2);
    expect(later.filter((code) => code.includes(marks.strict))).toHaveLength(1);
  });

  it("does not carry the learner where it only steps environments", async () => {
    const [first] = (await chunksOf(
      'import { make } from "../../src/envs/index.ts";\nmake("CartPole-v1").then((env) => console.log(env.reset()));',
    )) as [string];
    expect(first).not.toContain(marks.learner);
  });
});
