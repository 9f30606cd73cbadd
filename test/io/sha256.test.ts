// SHA-256: Node's in Node, our own in browsers. Both give the digests of the standard, and those that Node's gave once
// for messages of every length at which the padding changes.

import { describe, expect, it } from "vitest";
import { sha256, sha256OfEngine } from "../../src/io/sha256.ts";

const message = Uint8Array.from({ length: 300 }, (_, index) => (index * 73 + (index >> 3)) & 0xff);
const of = (text: string) => sha256([new TextEncoder().encode(text)]);

describe("sha256", () => {
  it("gives the digests of FIPS 180-4's examples", () => {
    expect(of("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(of("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(of("a".repeat(1_000_000))).toBe("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  });

  it("gives what Node's gave for every length to 300", () => {
    const digests = Array.from({ length: 301 }, (_, length) => sha256([message.subarray(0, length)]));
    expect(of(digests.join(""))).toBe("f7bba93ff74daaa92dbaab97e914b6e8d4ec259052678d9bdf304ef7b078ef0a");
  });

  it("is what the engine has of its own", async () => {
    for (const parts of [[], [message], [message.subarray(0, 7), message.subarray(7)]])
      expect(await sha256OfEngine(parts)).toBe(sha256(parts));
  });

  it("depends on the bytes, not on the parts that they come in", () => {
    const whole = sha256([message]);
    for (let size = 1; size <= 130; size++) {
      const parts = Array.from({ length: Math.ceil(message.length / size) }, (_, index) =>
        message.subarray(index * size, (index + 1) * size),
      );
      expect(sha256(parts), `parts of ${size}`).toBe(whole);
    }
  });
});
