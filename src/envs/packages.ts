// Packages that a family of environments stands on, and that its users install: the core depends on none.

import { MissingPackageError } from "../base/errors.ts";

/**
 * What a package exports.
 * @param id the environment that needs it
 * @param requires its name and version, as npm takes them
 * @param load imports it, by a name that bundlers see
 * @throws MissingPackageError where it is not installed
 */
export async function imported<T>(id: string, requires: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const name = requires.slice(0, requires.lastIndexOf("@"));
    const { code, message } = error as NodeJS.ErrnoException;
    // Node says so by a code; a page, where no import map knows the name, by a TypeError that quotes it.
    const isMissing = code === "ERR_MODULE_NOT_FOUND" || error instanceof TypeError;
    if (!isMissing || !message.includes(name)) throw error;
    throw new MissingPackageError(`${id} needs ${name}, which is not installed: npm install ${requires}`);
  }
}
