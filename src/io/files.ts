// Files, where there are any. What fails is a typed error of one line. Pages have none, so that what can use files
// loads this when it does.

import { ConfigurationError, FileFormatError, UnsupportedError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { nodeModule } from "./node.ts";

type NodeFiles = typeof import("node:fs/promises");

function nodeFiles(path: string): NodeFiles {
  if (typeof path !== "string" || path === "")
    throw new ConfigurationError(`path: ${shown(path)} is not the path of a file`);
  const files = nodeModule("node:fs/promises");
  if (files === undefined) {
    throw new UnsupportedError(
      `${path}: there are no files here; load and resume take bytes, toBytes and checkpoint give them`,
    );
  }
  return files;
}

/** The error of what could not be done with a file, as in "cannot be written (EROFS: read-only file system)" */
export function fileError(path: string, what: string, error: unknown): FileFormatError {
  const { code, message } = Object(error) as { readonly code?: string; readonly message?: string };
  if (code === "ENOENT" && what === "cannot be read") return new FileFormatError(`${path}: no such file`);
  // Node's messages say the code, what it means, and then the call and the path.
  return new FileFormatError(`${path}: ${what} (${message?.split(",")[0] ?? String(error)})`);
}

/** @throws FileFormatError when it cannot be read */
export async function readFile(path: string): Promise<Uint8Array> {
  const files = nodeFiles(path);
  try {
    return await files.readFile(path);
  } catch (error) {
    throw fileError(path, "cannot be read", error);
  }
}

/** So that two who write the same file at once do not write the same temporary one. */
let writes = 0;

/**
 * Writes beside `path`, flushes and renames, so that a crash, of the machine too, leaves either the old file or the new
 * one.
 * @throws FileFormatError when it cannot be written
 */
export async function writeFile(path: string, contents: Uint8Array | string): Promise<void> {
  const files = nodeFiles(path);
  // Of globalThis: a bundler would put a package in the place of a bare `process`.
  const temporary = `${path}.${globalThis.process.pid}-${++writes}.tmp`;
  try {
    const file = await files.open(temporary, "w");
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => {});
    throw fileError(path, "cannot be written", error);
  }
  await flushFolderOf(path);
}

/**
 * Makes sure of the name of a file or a folder, which is a change of the folder that it is in. Not every system lets a
 * folder be opened; there it is flushed in time.
 */
export async function flushFolderOf(path: string): Promise<void> {
  try {
    const folder = await nodeFiles(path).open(path.replace(/[^/\\]*$/, "") || ".", "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // What is in it is safe.
  }
}
