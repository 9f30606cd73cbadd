// As SQLite is tested: every operation of a run on its disk is made to fail, one at a time, and the machine is stopped
// before every one of them. What was there stays whole, nothing unfinished is left, and the run goes on to the bytes of
// the one that nothing happened to.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ProximalError } from "../../src/base/errors.ts";
import { parseCommand } from "../../src/cli/options.ts";
import { train, trainCommand } from "../../src/cli/train.ts";
import { recordsOf } from "../../src/io/tensorboard.ts";
import "../ppo/configurations.ts";
import { diskAfter, type Operation, onDisk, place, replacedNames, stops } from "./disk.ts";

const root = mkdtempSync(join(tmpdir(), "proximal-faults-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

const small = ["--num-envs", "2", "--num-steps", "8", "--num-minibatches", "2", "--num-epochs", "1"];
const sizes = ["--hidden-sizes", "4", "--total-steps", "80", "--checkpoint-interval", "2"];
/** Evaluations after the second and the fourth of five iterations. */
const beside = ["--eval-every", "32", "--eval-episodes", "2", "--tensorboard"];
/**
 * What is trained: together these have every part of the state. Of the first every operation is looked at, of the
 * others, whose files are the same with other contents, each `every`th.
 */
const kinds: Readonly<Record<string, { readonly args: readonly string[]; readonly every: number }>> = {
  "CartPole-v1": { args: ["CartPole-v1"], every: 1 },
  "memory, masks, normalisers, an adaptive penalty": {
    args: [
      ...["Board-masked-parts", "--memory", "lstm", "--memory-size", "3", "--objective", "adaptive-kl"],
      ...["--normalize-observations", "--normalize-values", "--scale-rewards"],
    ],
    every: 9,
  },
  "squashed actions, annealed deviations, an adaptive rate": {
    args: [
      ...["Board-numbers", "--action-distribution", "squashed", "--log-std", "annealed", "--final-log-std", "-1"],
      ...["--desired-kl", "0.01", "--no-anneal-learning-rate"],
    ],
    every: 9,
  },
};
const results = [
  ...["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg", "config.json"],
  ...["evaluations.jsonl", "best.safetensors", "result.json"],
];
const eventFiles = /^events\.out\.tfevents\.\d+\.[\w-]+$/;

const proximalTrain = async (...args: string[]) => void (await train(parseCommand(trainCommand, [...args, "--json"])));
const start = (kind: string, folder: string) =>
  proximalTrain(...(kinds[kind]?.args ?? []), ...small, ...sizes, ...beside, "--out", folder);
const resume = (folder: string) => proximalTrain("--resume", folder, "--checkpoint-interval", "2");

/** A folder of its own for each case, in which the run is `run`. */
let folders = 0;
const emptyRoot = () => mkdtempSync(join(root, `${++folders}-`));
/** But for the time that it took. */
const textOf = (path: string) => readFileSync(path, "utf8").replace(/"(seconds|stepsPerSecond)": [^,\n]*/g, "");
const filesOf = (folder: string) => new Map(results.map((name) => [name, textOf(join(folder, name))]));

/** What happens to nothing. */
interface Whole {
  readonly files: Map<string, string>;
  readonly starting: readonly Operation[];
  /** A run that is killed after its third iteration of five, to be gone on with. */
  readonly young: string;
  readonly resuming: readonly Operation[];
}
const runs = new Map<string, Whole>();
const runOf = (kind: string) => runs.get(kind) as Whole;
/** The number of a process that is gone. */
let gonePid: number;

beforeAll(async () => {
  gonePid = spawnSync(process.execPath, ["-e", "0"]).pid;
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  for (const kind of Object.keys(kinds)) {
    const at = emptyRoot();
    const starting = await onDisk(at, () => start(kind, join(at, "run")));
    const young = emptyRoot();
    const third = starting.findIndex(
      (operation) => operation.kind === "write" && String(Buffer.from(operation.bytes)).startsWith('{"iteration":4'),
    );
    place(young, diskAfter(starting, third, "killed"));
    for (const name of readdirSync(join(young, "run"))) if (name.startsWith("lock-")) rmSync(join(young, "run", name));
    const copy = copyOf(young);
    const resuming = await onDisk(copy, () => resume(join(copy, "run")));
    runs.set(kind, { files: filesOf(join(at, "run")), starting, young, resuming });
  }
});

function copyOf(folder: string): string {
  const copy = emptyRoot();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Makes of what this process left what one that is gone left. */
function bury(folder: string): void {
  const run = join(folder, "run");
  if (!existsSync(run)) return;
  for (const name of readdirSync(run)) {
    const buried = name.replace(`lock-${process.pid}-`, `lock-${gonePid}-`).replace(`.${process.pid}-`, `.${gonePid}-`);
    if (buried !== name) renameSync(join(run, name), join(run, buried));
  }
}

/** Goes on with what is there, or starts where there is nothing yet, and expects what nothing happened to. */
async function expectWhole(kind: string, folder: string, what: string): Promise<void> {
  const run = join(folder, "run");
  await (existsSync(join(run, "config.json")) ? resume(run) : start(kind, run));
  expect(filesOf(run), what).toEqual(runOf(kind).files);
  const names = readdirSync(run).filter((name) => !eventFiles.test(name));
  expect(names.sort(), what).toEqual([...results].sort());
  expect(stepsOfEvents(run), what).toEqual([16, 32, 32, 48, 64, 64, 80]);
}

/** The steps of all that has scalars, in the order in which TensorBoard reads it. */
function stepsOfEvents(run: string): number[] {
  const names = readdirSync(run).filter((name) => eventFiles.test(name));
  return names.sort().flatMap((name) => {
    const bytes = readFileSync(join(run, name));
    const records = recordsOf(bytes);
    expect(records.at(-1)?.end ?? 0, name).toBe(bytes.length);
    // Behind 12 bytes of framing and 9 of time comes the step, of one byte up to 127, and then what it is: a summary.
    return records.filter((_, index) => bytes[(records[index - 1]?.end ?? 0) + 23] === 0x2a).map(({ step }) => step);
  });
}

const describeOperation = (operation: Operation | undefined, index: number) =>
  `${index}: ${operation?.kind} ${operation?.path}`;

it("the command line uses no other function of Node's on files than those that are made to fail here", () => {
  const sources = ["cli", "io"].flatMap((floor) => {
    const path = fileURLToPath(new URL(`../../src/${floor}`, import.meta.url));
    const names = readdirSync(path, { recursive: true }).map(String);
    return names.filter((name) => name.endsWith(".ts")).map((name) => readFileSync(join(path, name), "utf8"));
  });
  const used = sources.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from "node:fs";/g)].flatMap(([, names]) => (names as string).split(",")),
  );
  expect(used.length).toBeGreaterThan(5);
  for (const name of used) expect(replacedNames).toContain(name.trim());
});

it("a run does all that this file thinks of", () => {
  const { starting, resuming } = runOf("CartPole-v1");
  const kinds = (operations: readonly Operation[]) => [...new Set(operations.map(({ kind }) => kind))].sort();
  expect(kinds(starting)).toEqual(["close", "makeFolder", "open", "read", "remove", "rename", "sync", "write"]);
  expect(kinds(resuming)).toEqual(["close", "open", "read", "remove", "rename", "sync", "write"]);
});

const cases = Object.entries(kinds).flatMap(([kind, { every }]) => [
  { kind, every, what: "a run that starts", operationsOf: () => runOf(kind).starting, before: emptyRoot },
  {
    ...{ kind, every, what: "a run that goes on" },
    ...{ operationsOf: () => runOf(kind).resuming, before: () => copyOf(runOf(kind).young) },
  },
]);

describe.each(cases)("$what: $kind", ({ kind, every, what: name, operationsOf, before }) => {
  it.each(stops)("goes on to the same bytes after it was stopped at any time: %s", async (stop) => {
    const operations = operationsOf();
    const seen = new Set<string>();
    for (let end = 0; end <= operations.length; end += every) {
      const state = diskAfter(operations, end, stop);
      const digest = createHash("sha256").update(
        JSON.stringify([...state.files], (_, v) => (v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v)),
      );
      const key = digest.digest("hex");
      if (seen.has(key)) continue;
      seen.add(key);
      const at = before();
      place(at, state);
      bury(at);
      await expectWhole(kind, at, `${stop} before ${describeOperation(operations[end], end)}`);
    }
    expect(seen.size).toBeGreaterThan(every === 1 ? 8 : 1);
  });

  it.each([
    ["once", "EIO"],
    ["from there on", "ENOSPC"],
  ] as const)(
    "says in one line what failed, and loses nothing, where an operation fails %s",
    async (when, code) => {
      const operations = operationsOf();
      let refused = 0;
      for (let n = 0; n < operations.length; n += every) {
        const at = before();
        const run = join(at, "run");
        const what = describeOperation(operations[n], n);
        // A disk that is full takes nothing more, and can still be read and emptied.
        const isStruck = ({ kind }: Operation, index: number) =>
          when === "once" ? index === n : index >= n && ["open", "write", "makeFolder", "sync"].includes(kind);
        try {
          await onDisk(
            at,
            () => (name === "a run that starts" ? start(kind, run) : resume(run)),
            (...given) => (isStruck(...given) ? code : undefined),
          );
        } catch (error) {
          refused++;
          expect(error, what).toBeInstanceOf(ProximalError);
          expect((error as Error).message, what).toMatch(/^[^\n]+$/);
          expect((error as Error).message, what).toContain(code);
          expect((error as Error).message, what).toContain(run);
        }
        const left = existsSync(run) ? readdirSync(run) : [];
        if (operations[n]?.kind !== "remove")
          expect(
            left.filter((name) => !results.includes(name) && !eventFiles.test(name)),
            what,
          ).toEqual([]);
        await expectWhole(kind, at, what);
      }
      expect(refused).toBeGreaterThan(operations.length / every / 4);
      // Two runs for each of a hundred operations.
    },
    300_000,
  );
});
