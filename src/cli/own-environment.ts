// Environments that a person wrote: a module on the disk is a name like any other.

import { statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigurationError, ProximalError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import type { AnyEnv, EnvSpec } from "../envs/env.ts";
import type { MakeOptions, Registration } from "../envs/registration.ts";
import { findSpec, register } from "../envs/registry.ts";
import { fileError } from "../io/files.ts";

/** What a module exports is asked for once. */
const registered = new Map<string, Promise<void>>();

/** The id of what a module exports: its path from here, the same however it was written, on every system. */
function idOf(path: string): string {
  const way = relative(".", path).replaceAll(sep, "/");
  return way.startsWith("../") || isAbsolute(way) ? way : `./${way}`;
}

/**
 * Makes what a module exports available to `make`.
 * @throws ConfigurationError where there is no such file, it cannot be imported, or exports no environment by default
 */
export async function registerModule(path: string): Promise<EnvSpec> {
  const id = idOf(path);
  const registration = registered.get(id) ?? exported(id).then((found) => register(found));
  registered.set(id, registration);
  await registration;
  return findSpec(id);
}

type Options = Required<MakeOptions>;

async function exported(id: string): Promise<Registration> {
  checkFile(id);
  const { default: found } = await importedModule(id);
  if (typeof found === "function") return { id, create: (options) => made(found as Maker, options) };
  const { create, ...rest } = Object(found) as Registration;
  if (typeof create === "function") return { ...rest, id, create };
  const right = "a class of environments, a function that makes one, or an object with such a function as create";
  throw new ConfigurationError(
    found === undefined
      ? `${id}: it has no default export, which has to be ${right}`
      : `${id}: its default export is ${shown(found)}; it has to be ${right}`,
  );
}

/** @throws ConfigurationError for a folder; FileFormatError where there is nothing, or it cannot be asked for */
function checkFile(path: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw fileError(path, "cannot be read", error);
  }
  if (isFolder) throw new ConfigurationError(`${path}: a folder, not a module`);
}

type Maker = ((options: Options) => AnyEnv | Promise<AnyEnv>) | (new (options: Options) => AnyEnv);

function made(maker: Maker, options: Options): AnyEnv | Promise<AnyEnv> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(maker)) || maker.prototype?.step !== undefined;
  if (isClass) return new (maker as new (options: Options) => AnyEnv)(options);
  return (maker as (options: Options) => AnyEnv)(options);
}

async function importedModule(id: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(resolve(id)).href);
  } catch (error) {
    if (error instanceof ProximalError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION")
      throw new ConfigurationError(
        `${id}: Node ${process.versions.node} reads no TypeScript; compile it to JavaScript, or take Node 22.18 or later`,
      );
    const said = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : `it threw ${shown(error)}`;
    const where = error instanceof SyntaxError ? `; node --check ${id} shows where` : "";
    throw new ConfigurationError(`${id}: it cannot be imported: ${said}${where}`);
  }
}
