// A compilation that failed is not kept. In a file of its own: nothing has been compiled before.

import { expect, it, vi } from "vitest";
import { Engine, UnsupportedError } from "../../src/engine/index.ts";
import { make } from "../../src/envs/index.ts";

it("can succeed when it is tried again, and is done once then", async () => {
  const notNow = new WebAssembly.CompileError("not now");
  const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValueOnce(notNow).mockRejectedValueOnce(notNow);
  await expect(Engine.create()).rejects.toThrow(UnsupportedError);
  await expect(make("CartPole-v1")).rejects.toThrow(UnsupportedError);
  await make("CartPole-v1");
  await Engine.create();
  expect(compile).toHaveBeenCalledTimes(3);
});
