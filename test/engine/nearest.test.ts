// The name that was probably meant, in errors about names that do not exist.

import { describe, expect, it } from "vitest";
import { nearest, suggestion } from "../../src/engine/nearest.ts";

describe("the name that was probably meant", () => {
  const names = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0"];

  it("is the nearest one, if it is near", () => {
    expect(nearest("cartpole-v1", names)).toBe("CartPole-v1");
    expect(nearest("Pendulum", names)).toBe("Pendulum-v1");
    expect(nearest("Pong", names)).toBeUndefined();
    expect(nearest("", names)).toBeUndefined();
    // A letter inserted, deleted or replaced counts as one.
    expect(nearest("abxy", ["abcd"])).toBe("abcd");
    expect(nearest("abcdxx", ["abcd"])).toBe("abcd");
    expect(nearest("abxyz", ["abcd"])).toBeUndefined();
  });

  it("is asked for, or all are listed", () => {
    expect(suggestion("CartPole", names)).toBe("did you mean CartPole-v1?");
    expect(suggestion("Go", names)).toBe("there are: CartPole-v1, Pendulum-v1, MountainCar-v0");
  });
});
