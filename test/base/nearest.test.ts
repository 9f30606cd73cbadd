// The name that was probably meant, in errors about names that do not exist.

import { describe, expect, it } from "vitest";
import { suggestion } from "../../src/base/nearest.ts";

describe("the name that was probably meant", () => {
  const names = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0"];

  it("is the nearest one, if it is near", () => {
    expect(suggestion("cartpole-v1", names)).toBe("did you mean CartPole-v1?");
    expect(suggestion("PENDULUM", names)).toBe("did you mean Pendulum-v1?");
    expect(suggestion("Pendulum", names)).toBe("did you mean Pendulum-v1?");
    expect(suggestion("pen", names)).toBe("did you mean Pendulum-v1?");
    // A letter inserted, deleted or replaced counts as one.
    expect(suggestion("abxde", ["abcd"])).toBe("did you mean abcd?");
    // As does one that is exchanged with the next.
    expect(suggestion("bacd", ["abcd"])).toBe("did you mean abcd?");
    expect(suggestion("badc", ["abcd"])).toBe("there are: abcd");
    expect(suggestion("abcdxx", ["abcd"])).toBe("did you mean abcd?");
  });

  it("is a list of all of them, where none is near", () => {
    for (const text of ["Pong", "Go", ""]) {
      expect(suggestion(text, names)).toBe("there are: CartPole-v1, Pendulum-v1, MountainCar-v0");
    }
    expect(suggestion("abxy", ["abcd"])).toBe("there are: abcd");
    expect(suggestion("Pong-v5", ["Ant-v5"])).toBe("there are: Ant-v5");
  });

  it("counts those beyond 24", () => {
    const many = Array.from({ length: 26 }, (_, index) => `${index}-name`);
    expect(suggestion("????", many.slice(2))).toBe(`there are: ${many.slice(2).join(", ")}`);
    expect(suggestion("????", many)).toBe(`there are: ${many.slice(0, 24).join(", ")} and 2 more`);
  });
});
