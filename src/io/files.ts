// Files, where there are any. Node's modules are asked for at run time, so that a bundler for the browser finds no
// import of them.

import { FileFormatError, UnsupportedError } from "../base/errors.ts";

function nodeFiles(path: string): typeof import("node:fs/promises") {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  const files = process?.getBuiltinModule?.("node:fs/promises");
  if (files === undefined) {
    throw new UnsupportedError(`${path}: there are no files here; use the bytes instead (toBytes and fromBytes)`);
  }
  return files as typeof import("node:fs/promises");
}

/** @throws FileFormatError when it cannot be read */
export async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await nodeFiles(path).readFile(path);
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    const { code } = error as { code?: string };
    throw new FileFormatError(
      `${path}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code ?? String(error)})`}`,
    );
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
  const temporary = `${path}.${process.pid}-${++writes}.tmp`;
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
    throw new FileFormatError(`${path}: cannot be written (${(error as { code?: string }).code ?? String(error)})`);
  }
  await flushFolderOf(path, files);
}

/** The new name is a change of the folder. Not every system lets a folder be opened; there it is flushed in time. */
async function flushFolderOf(path: string, files: typeof import("node:fs/promises")): Promise<void> {
  try {
    const folder = await files.open(path.replace(/[^/\\]*$/, "") || ".", "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // The file itself is safe.
  }
}
