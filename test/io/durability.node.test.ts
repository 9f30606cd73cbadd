// What a crash leaves of a file: the order in which it is written, flushed and renamed and its folder is flushed, and
// what stays where one of these fails. No test can cut the power, so the operations themselves are looked at.

import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { FileFormatError } from "../../src/engine/index.ts";
import { readFile, writeFile } from "../../src/io/files.ts";

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), "proximal-files-"));
});
afterAll(() => fs.rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Writes down what is done to files, each by its place in the order in which they were opened. */
function watch(): string[] {
  const log: string[] = [];
  const [open, rename] = [fs.open, fs.rename];
  const names = new Map<string, string>();
  const nameOf = (path: unknown) => {
    const text = String(path).replace(/[/\\]$/, "");
    if (text === folder) return "folder";
    if (!text.endsWith(".tmp")) return text.slice(folder.length + 1);
    if (!names.has(text)) names.set(text, `beside${names.size + 1}`);
    return names.get(text);
  };
  vi.spyOn(fs, "open").mockImplementation(async (path, flags) => {
    const handle = await open(path, flags);
    const name = nameOf(path);
    for (const operation of ["writeFile", "write", "sync"] as const) {
      const own = handle[operation].bind(handle) as (...args: unknown[]) => unknown;
      Object.assign(handle, {
        [operation]: (...args: unknown[]) => {
          log.push(`${operation === "sync" ? "flush" : "write"} ${name}`);
          return own(...args);
        },
      });
    }
    return handle;
  });
  vi.spyOn(fs, "rename").mockImplementation(async (from, to) => {
    log.push(`rename ${nameOf(from)} ${nameOf(to)}`);
    await rename(from, to);
  });
  return log;
}

const text = async (name: string) => new TextDecoder().decode(await readFile(join(folder, name)));

it("a file is written beside, flushed, renamed, and then its folder is flushed", async () => {
  const log = watch();
  await writeFile(join(folder, "a"), "first");
  // Windows does not open folders.
  const last = process.platform === "win32" ? [] : ["flush folder"];
  expect([...new Set(log)]).toEqual(["write beside1", "flush beside1", "rename beside1 a", ...last]);
  expect(await text("a")).toBe("first");
});

it("two that are written to one path at once are each written beside, under names of their own", async () => {
  const log = watch();
  const long = ["x".repeat(100_000), "y".repeat(100_000)];
  await Promise.all(long.map((contents) => writeFile(join(folder, "b"), contents)));
  expect(log.filter((entry) => entry.startsWith("rename")).sort()).toEqual(["rename beside1 b", "rename beside2 b"]);
  expect(long).toContain(await text("b"));
});

it.each(["open", "rename"] as const)("where %s fails the old file stays, and nothing beside it", async (operation) => {
  await writeFile(join(folder, "c"), "old");
  const before = await fs.readdir(folder);
  const failure = Object.assign(new Error("no space"), { code: "ENOSPC" });
  vi.spyOn(fs, operation).mockRejectedValue(failure);
  await expect(writeFile(join(folder, "c"), "new")).rejects.toThrow(FileFormatError);
  vi.restoreAllMocks();
  expect(await text("c")).toBe("old");
  expect(await fs.readdir(folder)).toEqual(before);
});
