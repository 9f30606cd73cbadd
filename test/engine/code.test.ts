// Programs as plain data: names and integers, and what does not fit.

import { expect, it } from "vitest";
import { encode, replayer } from "../../src/engine/code.ts";
import { Engine } from "../../src/engine/index.ts";

it("code has twelve integers a call, addresses beyond 2 GiB among them", () => {
  const operands = [2 ** 31 + 64, 2 ** 32 - 64, 7];
  const code = encode([
    { kernel: "copy", operands },
    { kernel: "zero", operands: [64, 4] },
  ]);
  expect(code.kernels).toEqual(["copy", "zero"]);
  expect([...code.operands].map((operand) => operand >>> 0)).toEqual([
    ...operands,
    ...Array(9).fill(0),
    ...[64, 4],
    ...Array(10).fill(0),
  ]);
});

it("a call has room for twelve", () => {
  const call = (count: number) => () => encode([{ kernel: "sum", operands: Array(count).fill(1) }]);
  expect(call(12)).not.toThrow();
  expect(call(13)).toThrow("kernel sum: 13 operands; a call has room for 12");
});

it("a kernel is given all twelve, in their order", () => {
  const operands = Array.from({ length: 12 }, (_, index) => 64 * (index + 1));
  const given: number[][] = [];
  const sum = (...args: number[]) => void given.push(args);
  replayer({ sum } as unknown as Engine["kernels"], encode([{ kernel: "sum", operands }]))();
  expect(given).toEqual([operands]);
});

it("a replay runs the calls in their order", async () => {
  const engine = await Engine.create();
  const owner = {};
  const [a, b] = [engine.allocate(16, owner), engine.allocate(16, owner)];
  engine.view("int32", a, 4).set([1, 2, 3, 4]);
  const replay = replayer(
    engine.kernels,
    encode([
      { kernel: "copy", operands: [b, a, 16] },
      { kernel: "zero", operands: [a, 8] },
      { kernel: "copy", operands: [b, a, 4] },
    ]),
  );
  replay();
  expect([...engine.view("int32", a, 4), ...engine.view("int32", b, 4)]).toEqual([0, 0, 3, 4, 0, 2, 3, 4]);
});
