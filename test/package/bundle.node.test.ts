// What a page carries: environments, and the kernels of fma and of acting, are parts of their own, which are loaded
// when they are used.

import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, describe, expect, it } from "vitest";
import { wasm as acting } from "../../src/engine/generated/acting.ts";
import { wasm as fma } from "../../src/engine/generated/fma.ts";
import { wasm as strict } from "../../src/engine/generated/strict.ts";

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
const marks = {
  cartPole: "#c9752b", // the colour of its pole
  learner: "clipFraction",
  onnx: "leaves the rows of a batch",
  images: "takes images [height, width, channels]",
  bounds: "squashed actions need finite bounds",
  checkpoint: "env: the checkpoint is of",
};

describe("a page that trains", () => {
  it("loads an environment, other heads and networks, a reader and the fma kernels when it asks for them", async () => {
    const [first, ...later] = (await chunksOf(
      'import { makeVec, PPO } from "../../src/index.ts";\n' +
        'PPO.create(await makeVec("CartPole-v1")).then((agent) => console.log(agent));',
    )) as [string, ...string[]];
    expect(first).toContain(marks.learner);
    expect(first).not.toContain(marks.cartPole);
    expect(later.filter((code) => code.includes(marks.cartPole))).toHaveLength(1);
    expect(first).toContain(strict);
    for (const code of [first, ...later]) expect(code).not.toContain(marks.onnx);
    for (const kernels of [fma, acting]) expect(first).not.toContain(kernels);
    for (const mark of [marks.images, marks.bounds, marks.checkpoint]) {
      expect(first).not.toContain(mark);
      expect(later.filter((code) => code.includes(mark))).toHaveLength(1);
    }
    expect(later.filter((code) => code.includes(fma))).toHaveLength(1);
  });

  it("carries a few kernels, and nothing of the learner, where it acts", async () => {
    const [first, ...later] = (await chunksOf(
      'import { Policy } from "../../src/policy/index.ts";\nPolicy.load(new Uint8Array()).then((policy) => console.log(policy));',
    )) as [string, ...string[]];
    const others = [marks.learner, marks.images, marks.bounds, strict, fma, acting];
    for (const other of others) expect(first).not.toContain(other);
    for (const code of later) expect(code).not.toContain(strict);
    expect(later.filter((code) => code.includes(acting))).toHaveLength(1);
  });

  it("does not carry the learner where it only steps environments", async () => {
    const [first] = (await chunksOf(
      'import { make } from "../../src/envs/index.ts";\nmake("CartPole-v1").then((env) => console.log(env.reset()));',
    )) as [string];
    expect(first).not.toContain(marks.learner);
  });
});
