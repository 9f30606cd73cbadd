// @ts-check
// Reads declaration files (.d.ts) as far as the docstring rule needs them: which names a file has, where each is
// declared, and what has a docstring.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { lineAt } from "./tree.mjs";

/**
 * A declaration file.
 * @typedef {object} DeclarationFile
 * @property {string} path
 * @property {Map<string, any[]>} declared the nodes that declare each name: several where a function has overloads
 * @property {Map<string, { path: string, name: string }>} taken what comes from elsewhere
 * @property {string[]} stars the files whose every name it exports
 * @property {string[]} exported the names that it exports itself
 * @property {(node: any) => string | undefined} docstringOf the docstring that ends where a node begins
 * @property {(node: any) => number} lineOf
 */

/** @typedef {{ file: DeclarationFile, name: string, nodes: any[] }} Declaration */

/** A reader that parses each file once. @returns {(path: string) => DeclarationFile} */
export function declarationReader() {
  /** @type {Map<string, DeclarationFile>} */
  const files = new Map();
  return (path) => {
    const file = files.get(path) ?? parse(path);
    files.set(path, file);
    return file;
  };
}

/** @param {string} path @returns {DeclarationFile} */
function parse(path) {
  const text = readFileSync(path, "utf8");
  const { program, comments } = parseSync(path, text);
  const docstrings = comments.filter(({ type, value }) => type === "Block" && /^\*[\s\S]*\w/.test(value));
  const documented = new Map(docstrings.map(({ end, value }) => [end + text.slice(end).search(/\S/), value]));
  /** @type {DeclarationFile} */
  const file = {
    path,
    declared: new Map(),
    taken: new Map(),
    stars: [],
    exported: [],
    docstringOf: ({ start }) => documented.get(start),
    lineOf: ({ start }) => lineAt(text, start),
  };
  for (const statement of program.body) enter(file, statement);
  return file;
}

/** @param {DeclarationFile} file @param {any} statement whose declarations and names are noted in the file */
function enter(file, statement) {
  const declaration = statement.declaration ?? statement;
  for (const { id } of declaration.declarations ?? [declaration]) {
    if (id?.name === undefined) continue;
    // The statement, since a docstring stands before the word export.
    file.declared.set(id.name, [...(file.declared.get(id.name) ?? []), statement]);
    if (declaration !== statement) file.exported.push(id.name);
  }
  const path = statement.source ? pathOf(file.path, statement.source.value) : file.path;
  if (statement.type === "ExportAllDeclaration") file.stars.push(path);
  for (const { imported, local, exported } of statement.specifiers ?? []) {
    const own = (exported ?? local).name;
    const name = (imported ?? local).name;
    if (path !== file.path || own !== name) file.taken.set(own, { path, name });
    if (exported) file.exported.push(own);
  }
}

/** @param {string} from @param {string} specifier @returns {string} the declaration file; a package stays what it is */
const pathOf = (from, specifier) =>
  specifier.startsWith(".") ? join(dirname(from), specifier.replace(/\.[jt]s$/, ".d.ts")) : specifier;

/** @typedef {(path: string) => DeclarationFile} Read */

/** @param {Read} read @param {string} path @returns {string[]} every name that a file exports */
export function namesOf(read, path) {
  const { exported, stars } = read(path);
  return [...new Set([...exported, ...stars.flatMap((star) => namesOf(read, star))])];
}

/**
 * Where a name of a file is declared.
 * @param {Read} read
 * @param {string} path
 * @param {string} name
 * @returns {Declaration | undefined} undefined for what is not declared in these files
 */
export function find(read, path, name) {
  if (!path.endsWith(".d.ts")) return;
  const file = read(path);
  const nodes = file.declared.get(name);
  if (nodes) return { file, name, nodes };
  const taken = file.taken.get(name);
  if (taken) return find(read, taken.path, taken.name);
  for (const star of file.stars) {
    const declaration = find(read, star, name);
    if (declaration) return declaration;
  }
}
