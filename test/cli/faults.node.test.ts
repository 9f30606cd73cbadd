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
const options = ["CartPole-v1", ...small, ...sizes, ...beside];
const results = [
  ...["policy.safetensors", "checkpoint.safetensors", "metrics.jsonl", "curve.svg", "config.json"],
  ...["evaluations.jsonl", "best.safetensors"],
];
const eventFiles = /^events\.out\.tfevents\.\d+\.[\w-]+$/;

const proximalTrain = async (...args: string[]) => void (await train(parseCommand(trainCommand, [...args, "--json"])));
const start = (folder: string) => proximalTrain(...options, "--out", folder);
const resume = (folder: string) => proximalTrain("--resume", folder, "--checkpoint-interval", "2");

/** A folder of its own for each case, in which the run is `run`. */
let folders = 0;
const emptyRoot = () => mkdtempSync(join(root, `${++folders}-`));
const filesOf = (folder: string) => new Map(results.map((name) => [name, readFileSync(join(folder, name), "utf8")]));

let whole: Map<string, string>;
let starting: readonly Operation[];
/** A run that is killed after its third iteration of five, to be gone on with. */
let young: string;
let resuming: readonly Operation[];
/** The number of a process that is gone. */
let gonePid: number;

beforeAll(async () => {
  gonePid = spawnSync(process.execPath, ["-e", "0"]).pid;
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const at = emptyRoot();
  starting = await onDisk(at, () => start(join(at, "run")));
  whole = filesOf(join(at, "run"));
  young = emptyRoot();
  const third = starting.findIndex(
    (operation) => operation.kind === "write" && String(Buffer.from(operation.bytes)).startsWith('{"iteration":4'),
  );
  place(young, diskAfter(starting, third, "killed"));
  for (const name of readdirSync(join(young, "run"))) if (name.startsWith("lock-")) rmSync(join(young, "run", name));
  const copy = copyOf(young);
  resuming = await onDisk(copy, () => resume(join(copy, "run")));
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
async function expectWhole(folder: string, what: string): Promise<void> {
  const run = join(folder, "run");
  await (existsSync(join(run, "config.json")) ? resume(run) : start(run));
  expect(filesOf(run), what).toEqual(whole);
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
    return readdirSync(path).map((name) => readFileSync(join(path, name), "utf8"));
  });
  const used = sources.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from "node:fs";/g)].flatMap(([, names]) => (names as string).split(",")),
  );
  expect(used.length).toBeGreaterThan(5);
  for (const name of used) expect(replacedNames).toContain(name.trim());
});

it("a run does all that this file thinks of", () => {
  const kinds = (operations: readonly Operation[]) => [...new Set(operations.map(({ kind }) => kind))].sort();
  expect(kinds(starting)).toEqual(["close", "makeFolder", "open", "read", "remove", "rename", "sync", "write"]);
  expect(kinds(resuming)).toEqual(["close", "open", "read", "remove", "rename", "sync", "write"]);
});

describe.each([
  ["a run that starts", () => starting, () => emptyRoot()],
  ["a run that goes on", () => resuming, () => copyOf(young)],
] as const)("%s", (_, operationsOf, before) => {
  it.each(stops)("goes on to the same bytes after it was stopped at any time: %s", async (stop) => {
    const operations = operationsOf();
    const seen = new Set<string>();
    for (let end = 0; end <= operations.length; end++) {
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
      await expectWhole(at, `${stop} before ${describeOperation(operations[end], end)}`);
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  it.each([
    ["once", "EIO"],
    ["from there on", "ENOSPC"],
  ] as const)(
    "says in one line what failed, and loses nothing, where an operation fails %s",
    async (when, code) => {
      const operations = operationsOf();
      let refused = 0;
      for (let n = 0; n < operations.length; n++) {
        const at = before();
        const run = join(at, "run");
        const what = describeOperation(operations[n], n);
        // A disk that is full takes nothing more, and can still be read and emptied.
        const isStruck = ({ kind }: Operation, index: number) =>
          when === "once" ? index === n : index >= n && ["open", "write", "makeFolder", "sync"].includes(kind);
        try {
          await onDisk(
            at,
            () => (operations === starting ? start(run) : resume(run)),
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
        await expectWhole(at, what);
      }
      expect(refused).toBeGreaterThan(operations.length / 4);
      // Two runs for each of a hundred operations.
    },
    300_000,
  );
});
