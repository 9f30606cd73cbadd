// The list of faults that `npm run mutate` tries: how it is read, applied and counted. That each of them
// still applies is what `npm run check:tidy` looks after.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFaults, staleFaults, withFault } from "../../tools/mutate/faults.mjs";
import { catchersOf, SURVIVED, scoreOf } from "../../tools/mutate/score.mjs";

const list = `== src/a.ts | a b/c

the sum is a difference
- a + b
+ a - b

nothing is returned
@ function second
-   return x;
-   }
| optim -t refuses|clips

a constant has a name
- = 5
+ = FIVE
= It is the same number.
`;

type Fault = ReturnType<typeof readFaults>[number];

/** What `read` finds in a tree of these files beside the list. */
function inTree<T>(files: Record<string, string>, read: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "proximal-faults-"));
  for (const folder of ["src", "tools/mutate/faults"]) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries({ "tools/mutate/faults/list.txt": list, ...files }))
    writeFileSync(join(root, path), text);
  try {
    return read(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const [sum, nothing, constant] = inTree({}, readFaults) as [Fault, Fault, Fault];

describe("a list of faults", () => {
  it("says where each is, what it is, and which tests are near it", () => {
    expect(sum).toEqual({
      ...{ file: "src/a.ts", what: "the sum is a difference", list: "tools/mutate/faults/list.txt", line: 3 },
      ...{ after: "", text: "a + b", replacement: "a - b", equivalent: "", survives: "" },
      tests: { files: ["a", "b/c"], pattern: "" },
    });
    expect(nothing).toMatchObject({
      ...{ line: 7, after: "function second", text: "  return x;\n  }", replacement: "" },
      tests: { files: ["optim"], pattern: "refuses|clips" },
    });
    expect(constant.equivalent).toBe("It is the same number.");
  });

  it("is applied to a text that is there once, or behind another", () => {
    expect(withFault(sum, "return a + b;")).toBe("return a - b;");
    const twice = "  return x;\n  }\nfunction second() {\n  return x;\n  }\n";
    expect(withFault(nothing, twice)).toBe("  return x;\n  }\nfunction second() {\n\n");
  });

  it.each<[string, Fault, string, string]>([
    ["is gone", sum, "return a * b;", 'src/a.ts: there is no "a + b" any more'],
    ["is there twice", sum, "a + b + a + b", 'src/a.ts: "a + b" is there more than once'],
    ["stands behind nothing", nothing, "  return x;", 'src/a.ts: there is no "function second" any more'],
    ["is replaced by itself", { ...sum, replacement: "a + b" }, "a + b", "src/a.ts: the fault replaces nothing"],
  ])("is refused where its text %s", (_, fault, source, message) => {
    expect(() => withFault(fault, source)).toThrow(new Error(message));
  });

  it("says which of them no longer apply, and which are there twice", () => {
    const code = "a + b = 5\nfunction second\n  return x;\n  }\n";
    expect(inTree({ "src/a.ts": code }, staleFaults)).toEqual([]);
    const files = {
      "src/a.ts": code.replace("+", "*"),
      "tools/mutate/faults/more.txt": list.slice(0, list.indexOf("nothing")),
    };
    expect(inTree(files, staleFaults).map(({ path, line, wrong }) => `${path}:${line}: ${wrong}`)).toEqual([
      'tools/mutate/faults/list.txt:3: "the sum is a difference": src/a.ts: there is no "a + b" any more',
      'tools/mutate/faults/more.txt:3: "the sum is a difference": another fault of src/a.ts has this name',
      'tools/mutate/faults/more.txt:3: "the sum is a difference": src/a.ts: there is no "a + b" any more',
    ]);
  });
});

describe("the score", () => {
  it("is the share that is caught of those that were tried and change something", () => {
    const known = { "src/a.ts: the sum is a difference": "test/a.test.ts", "src/a.ts: nothing is returned": SURVIVED };
    const score = scoreOf([sum, { ...nothing, survives: "No one calls it." }, constant], known);
    expect(score).toEqual({
      score: "50.0 %",
      counts: { faults: 3, caught: 1, survived: 1, equivalent: 1, untried: 0 },
      survivors: { "src/a.ts: nothing is returned": "No one calls it." },
      equivalent: { "src/a.ts: a constant has a name": "It is the same number." },
      catchers: { "src/a.ts: the sum is a difference": "test/a.test.ts" },
    });
    expect(catchersOf(score)).toEqual(known);
    expect(scoreOf([sum, nothing], {}).counts.untried).toBe(2);
  });
});
