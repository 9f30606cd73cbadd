// A disk whose every operation can be seen, and made to fail: Node's file functions, replaced for what is below one
// folder. From the operations of a run follows what a disk holds after a kill or a power cut at any time.

import { default as fs, mkdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, relative, resolve } from "node:path";

/** What was done to a file or a folder, by its path within the root. */
export type Operation =
  | { readonly kind: "open"; readonly path: string; readonly file: number; readonly flags: string }
  | { readonly kind: "write"; readonly path: string; readonly file: number; readonly bytes: Uint8Array }
  | { readonly kind: "sync" | "close"; readonly path: string; readonly file: number }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "makeFolder" | "remove" | "read"; readonly path: string };

/** Says whether an operation fails, before it is done: with this code, a write after half of its bytes. */
export type Fault = (operation: Operation, index: number) => string | undefined;

/** The functions that this project uses; a test holds that it uses no others. */
const replaced = {
  ...{ openSync: fs.openSync, closeSync: fs.closeSync, fsyncSync: fs.fsyncSync, writeFileSync: fs.writeFileSync },
  ...{ mkdirSync: fs.mkdirSync, rmSync: fs.rmSync, rmdirSync: fs.rmdirSync },
  ...{ readFileSync: fs.readFileSync, readdirSync: fs.readdirSync, statSync: fs.statSync },
};
const replacedPromises = {
  ...{ open: fs.promises.open, rename: fs.promises.rename, rm: fs.promises.rm, readFile: fs.promises.readFile },
};
export const replacedNames: readonly string[] = Object.keys(replaced);

/** Runs `body` with every operation below `root` written down, and failed where `fault` says so. */
export async function onDisk(root: string, body: () => Promise<void>, fault: Fault = () => undefined) {
  const operations: Operation[] = [];
  const paths = new Map<number, string>();
  const within = (path: unknown): string | undefined => {
    const inside = typeof path === "string" ? relative(root, resolve(path)) : paths.get(path as number);
    return inside === undefined || inside.startsWith("..") ? undefined : inside;
  };
  /** What comes of an operation: `half` does what is done of it before it fails. */
  const check = (operation: Operation, half: () => void = () => {}): void => {
    operations.push(operation);
    const code = fault(operation, operations.length - 1);
    if (code === undefined) return;
    half();
    throw Object.assign(new Error(`${code}: made to fail, ${operation.kind}`), { code });
  };
  const onPath = <F extends (path: string, ...rest: never[]) => unknown>(
    kind: "makeFolder" | "remove" | "read",
    real: F,
  ) =>
    ((path: string, ...rest: never[]) => {
      const inside = within(path);
      if (inside !== undefined) check({ kind, path: inside });
      return real(path, ...rest);
    }) as F;
  const onFile = (kind: "sync" | "close", real: (file: number) => void) => (file: number) => {
    const path = within(file);
    if (path === undefined) return real(file);
    // As POSIX has it, what was to be closed is closed, also where it fails.
    check({ kind, path, file }, () => kind === "close" && real(file));
    return real(file);
  };
  Object.assign(fs, {
    openSync(path: string, flags: string) {
      const inside = within(path);
      if (inside === undefined) return replaced.openSync(path, flags);
      let file = -1;
      check({
        kind: "open",
        path: inside,
        flags,
        get file() {
          return file;
        },
      });
      file = replaced.openSync(path, flags);
      paths.set(file, inside);
      return file;
    },
    closeSync: onFile("close", replaced.closeSync),
    fsyncSync: onFile("sync", replaced.fsyncSync),
    writeFileSync(file: number, text: string) {
      const path = within(file);
      const bytes = Buffer.from(text);
      if (path !== undefined)
        check({ kind: "write", path, file, bytes }, () =>
          replaced.writeFileSync(file, bytes.subarray(0, bytes.length >> 1)),
        );
      replaced.writeFileSync(file, bytes);
    },
    mkdirSync: onPath("makeFolder", replaced.mkdirSync),
    rmSync: onPath("remove", replaced.rmSync as (path: string) => void),
    rmdirSync: onPath("remove", replaced.rmdirSync),
    readFileSync: onPath("read", replaced.readFileSync as (path: string) => unknown),
    readdirSync: onPath("read", replaced.readdirSync as (path: string) => unknown),
    statSync: onPath("read", replaced.statSync as (path: string) => unknown),
  });
  Object.assign(fs.promises, {
    async open(path: string, flags: string) {
      const inside = within(path);
      if (inside === undefined) return replacedPromises.open(path, flags);
      let number = -1;
      check({
        kind: "open",
        path: inside,
        flags,
        get file() {
          return number;
        },
      });
      const file = await replacedPromises.open(path, flags);
      number = file.fd;
      const [write, sync, close] = [file.writeFile.bind(file), file.sync.bind(file), file.close.bind(file)];
      return Object.assign(file, {
        async writeFile(contents: Uint8Array | string) {
          const bytes = Buffer.from(contents as string);
          const half = bytes.subarray(0, bytes.length >> 1);
          check({ kind: "write", path: inside, file: number, bytes }, () => replaced.writeFileSync(number, half));
          await write(bytes);
        },
        async sync() {
          check({ kind: "sync", path: inside, file: number });
          await sync();
        },
        async close() {
          try {
            check({ kind: "close", path: inside, file: number });
          } finally {
            await close();
          }
        },
      });
    },
    async rename(from: string, to: string) {
      check({ kind: "rename", path: within(from) as string, to: within(to) as string });
      await replacedPromises.rename(from, to);
    },
    rm: async (path: string, options: object) => onPath("remove", replacedPromises.rm)(path, options),
    readFile: async (path: string) => onPath("read", replacedPromises.readFile as (path: string) => unknown)(path),
  });
  syncBuiltinESMExports();
  try {
    await body();
  } finally {
    Object.assign(fs, replaced);
    Object.assign(fs.promises, replacedPromises);
    syncBuiltinESMExports();
  }
  return operations;
}

/** What a machine may be stopped by: what has not been flushed then is lost, its name included or not. */
export const stops = ["killed", "killed in a write", "power cut", "power cut, names kept"] as const;

interface Contents {
  bytes: Uint8Array;
  flushed: Uint8Array;
}

/** The files and folders, by path, that are there when a disk is stopped before operation `end`. */
export function diskAfter(operations: readonly Operation[], end: number, stop: (typeof stops)[number]) {
  const nothing = new Uint8Array();
  const open = new Map<number, Contents>();
  const files = new Map<string, Contents>();
  const flushedNames = new Map<string, Contents>();
  const folders = new Set<string>();
  const apply = (operation: Operation, isCut: boolean): void => {
    const { path } = operation;
    if (operation.kind === "makeFolder") folders.add(path);
    if (operation.kind === "remove") for (const map of [files, folders]) map.delete(path);
    if (operation.kind === "rename") {
      files.set(operation.to, files.get(path) as Contents);
      files.delete(path);
    }
    if (operation.kind === "open" && operation.flags !== "r") {
      const contents = files.get(path) ?? { bytes: nothing, flushed: nothing };
      if (operation.flags === "w") contents.bytes = nothing;
      files.set(path, contents);
      open.set(operation.file, contents);
    }
    if (operation.kind === "open" && operation.flags === "r") open.delete(operation.file);
    if (operation.kind === "write") {
      const contents = open.get(operation.file) as Contents;
      const { bytes } = operation;
      contents.bytes = Buffer.concat([contents.bytes, isCut ? bytes.subarray(0, bytes.length >> 1) : bytes]);
    }
    if (operation.kind === "sync") {
      const contents = open.get(operation.file);
      if (contents !== undefined) contents.flushed = contents.bytes;
      else flushNames(path);
    }
  };
  const flushNames = (folder: string): void => {
    const isIn = (path: string) => dirname(path) === (folder || ".");
    for (const path of flushedNames.keys()) if (isIn(path) && !files.has(path)) flushedNames.delete(path);
    for (const [path, contents] of files) if (isIn(path)) flushedNames.set(path, contents);
  };
  for (const operation of operations.slice(0, end)) apply(operation, false);
  const next = operations[end];
  if (stop === "killed in a write" && next?.kind === "write") apply(next, true);
  const isPowerCut = stop.startsWith("power");
  const names = stop === "power cut" ? flushedNames : files;
  return {
    folders: [...folders],
    files: new Map([...names].map(([path, contents]) => [path, isPowerCut ? contents.flushed : contents.bytes])),
  };
}

/** Writes such files and folders to a real one. */
export function place(root: string, { folders, files }: ReturnType<typeof diskAfter>): void {
  for (const path of folders) mkdirSync(resolve(root, path), { recursive: true });
  for (const [path, bytes] of files) writeFileSync(resolve(root, path), bytes);
}
