// Where the kernels come from: the text of the package, a module or bytes from outside; and what stands in their way.

import { afterEach, describe, expect, it, vi } from "vitest";
import { wasm as acting } from "../../src/engine/generated/acting.ts";
import { wasm as strict } from "../../src/engine/generated/strict.ts";
import { ConfigurationError, Engine, OutOfMemoryError, UnsupportedError } from "../../src/engine/index.ts";
import { bytesOf } from "../../src/engine/kernel-text.ts";
import { makeVec } from "../../src/envs/index.ts";
import { Policy as Acting } from "../../src/policy/index.ts";
import { Policy, PPO } from "../../src/ppo/index.ts";

afterEach(() => void vi.restoreAllMocks());

const cartPole = (engine?: Engine) => makeVec("CartPole-v1", { numEnvs: 2, seed: 1, ...(engine && { engine }) });
const [strictModule, actingModule] = await Promise.all(
  [strict, acting].map((text) => WebAssembly.compile(bytesOf(text))),
);

describe("a module from outside", () => {
  it.each([
    ["compiled", strictModule],
    ["as bytes", bytesOf(strict)],
    ["as a buffer", bytesOf(strict).buffer],
  ])("is taken %s, and says itself which variant it is", async (_, module) => {
    const engine = await Engine.create({ module: module as object });
    expect(engine.variant).toBe("strict");
    expect(typeof engine.kernels.matmul).toBe("function");
  });

  it("is not compiled again", async () => {
    const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("forbidden"));
    const engine = await Engine.create({ module: strictModule as WebAssembly.Module });
    const agent = await PPO.create(await cartPole(engine), { seed: 1 }, { engine });
    const bytes = agent.policy.toBytes();
    const loaded = [Policy, Acting].map((from) => from.load(bytes, { engine }));
    for (const policy of await Promise.all(loaded)) expect(policy.act([0, 0, 0, 0])).toBe(agent.act([0, 0, 0, 0]));
    await PPO.resume(await cartPole(engine), agent.checkpoint(), { engine });
    expect(compile).not.toHaveBeenCalled();
  });

  it("is refused where it is none of this build of the kernels", async () => {
    const right = "it has to be proximal/kernels/strict.wasm, acting.wasm or fma.wasm, compiled or as bytes";
    const header = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    // Another digit of the build, which is the last thing in the module.
    const other = bytesOf(strict);
    other[other.length - 1] = (other.at(-1) as number) ^ 1;
    for (const [module, message] of [
      [{}, `module: {} is no WebAssembly module; ${right}`],
      [5, `module: 5 is no WebAssembly module; ${right}`],
      [header, `module: it has no kernels of proximal; ${right}`],
      [new WebAssembly.Module(header), `module: it has no kernels of proximal; ${right}`],
      [header.subarray(1), /^module: not valid WebAssembly here \(/],
      [other, /^module: its kernels are of build [0-9a-f]{8}, those of this package of [0-9a-f]{8}$/],
    ] as const) {
      const created = Engine.create({ module: module as object });
      await expect(created).rejects.toThrow(message);
      await expect(created).rejects.toThrow(ConfigurationError);
    }
  });

  it("has to have the kernels that are asked for", async () => {
    const module = strictModule as WebAssembly.Module;
    await expect(Engine.create({ kernels: "fma", module })).rejects.toThrow(
      new ConfigurationError("module: its kernels are strict, and kernels says fma"),
    );
    const engine = await Engine.create({ module });
    await expect(PPO.create(await cartPole(), { kernels: "fma" }, { engine })).rejects.toThrow(
      new ConfigurationError("PPO: engine: its kernels are strict, and kernels says fma"),
    );
    await expect(PPO.create(await cartPole(), {}, { engin: engine } as object)).rejects.toThrow("did you mean engine?");
  });
});

describe("the kernels of acting", () => {
  it("give the actions that all kernels give, drawn ones too", async () => {
    const { policy } = await PPO.create(await cartPole(), { seed: 3 });
    const bytes = policy.toBytes();
    const [all, few] = await Promise.all([Policy.load(bytes), Acting.load(bytes)]);
    const drawn = (from: typeof few) =>
      Array.from({ length: 64 }, (_, i) => from.act([i / 64, 0, -i / 99, 1], { deterministic: i % 2 === 0 }));
    expect(drawn(few)).toEqual(drawn(all));
    expect(few.tensors).toEqual(all.tensors);
  });

  it("do not learn, and say so", async () => {
    const engine = await Engine.create({ module: actingModule as WebAssembly.Module });
    await expect(PPO.create(await cartPole(), {}, { engine })).rejects.toThrow(
      /^kernel \w+: this engine has only the kernels of acting; one of Engine\.create\(\) has all, given as \{ engine \}$/,
    );
  });
});

describe("an engine that cannot be had", () => {
  it("names the content security policy where valid bytes are not compiled, and is asked again", async () => {
    const module = bytesOf(strict);
    const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("blocked by CSP"));
    await expect(Engine.create({ module })).rejects.toThrow(
      new UnsupportedError(
        "WebAssembly may not be compiled here: a page needs 'wasm-unsafe-eval' in the script-src of its content security policy, any other host Engine.create({ module })",
      ),
    );
    compile.mockRestore();
    await Engine.create({ module });
  });

  it("is an error of memory where the memory is", async () => {
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function refuse() {
      throw new RangeError("could not allocate memory");
    });
    const message =
      "no memory for the kernels (could not allocate memory); let go of agents and policies that are not used, or share an engine";
    await expect(Engine.create()).rejects.toThrow(new OutOfMemoryError(message));
  });

  it("is made asynchronously where the main thread refuses to make it at once", async () => {
    vi.spyOn(WebAssembly, "Instance").mockImplementation(function refuse() {
      throw new RangeError("WebAssembly.Instance is disallowed on the main thread");
    });
    expect((await Engine.create()).variant).toBe("strict");
  });
});
