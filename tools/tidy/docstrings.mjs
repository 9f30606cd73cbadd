// @ts-check
// Every name that a person can import has a docstring, and so has each public member of its classes and interfaces.
// What a base class or an interface of ours documents need not be documented again. This is read from the declarations
// that the package ships: they have no private name, and every generated one.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { declarationReader, find, namesOf } from "./declarations.mjs";

/** @typedef {import("./declarations.mjs").Declaration} Declaration */
/** @typedef {import("./declarations.mjs").Read} Read */

/** @type {import("./tree.mjs").Rule} */
export function docstrings(root) {
  const read = declarationReader();
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  /** @type {string[]} */
  const entries = Object.values(exports).flatMap(({ types }) => (types ? [join(root, types)] : []));
  /** @type {Map<unknown, Declaration>} by its first node: a name may be exported by several entries */
  const known = new Map();
  for (const entry of entries) {
    for (const name of namesOf(read, entry)) {
      const declaration = find(read, entry, name);
      if (declaration === undefined) throw new Error(`tidy: ${entry} exports ${name}, which is declared nowhere`);
      known.set(declaration.nodes[0], declaration);
    }
  }
  // A base that is not exported itself still shows its members.
  for (const declaration of known.values())
    for (const base of basesOf(read, declaration)) known.set(base.nodes[0], base);
  return [...known.values()].flatMap((declaration) => {
    const path = relative(root, declaration.file.path);
    const right = `one sentence in /** */ above it in ${sourceOf(path)}`;
    return [...undocumented(read, declaration)].map(([name, line]) => {
      return { path, line, wrong: `${name} has no docstring`, right };
    });
  });
}

/** @param {string} path a declaration file @returns {string} what it is made from */
const sourceOf = (path) =>
  path.includes("/generated/") ? "assembly/" : path.replace(/^dist/, "src").replace(/\.d\.ts$/, ".ts");

/** @param {Read} read @param {Declaration} declaration @returns {Map<string, number>} undocumented names and lines */
function undocumented(read, declaration) {
  const { file, name, nodes } = declaration;
  const inherited = documentedAbove(read, declaration);
  const members = nodes.flatMap(membersOf).filter((member) => !inherited.has(labelOf(member)));
  const named = [
    ...nodes.map((node) => ({ label: name, node })),
    ...members.map((node) => ({ label: `${name}.${labelOf(node)}`, node })),
  ];
  // One docstring is enough for the overloads of a function and for the two halves of an accessor.
  const documented = new Set(named.flatMap(({ label, node }) => (file.isDocumented(node) ? [label] : [])));
  const without = named.filter(({ label }) => !documented.has(label));
  return new Map(without.map(({ label, node }) => [label, file.lineOf(node)]));
}

/** @param {Read} read @param {Declaration} declaration @returns {Set<string>} the members that its bases document */
function documentedAbove(read, declaration) {
  return new Set(
    basesOf(read, declaration).flatMap((base) => [
      ...base.nodes.flatMap(membersOf).filter(base.file.isDocumented).map(labelOf),
      ...documentedAbove(read, base),
    ]),
  );
}

/**
 * @param {Read} read
 * @param {Declaration} declaration
 * @returns {Declaration[]} the classes and interfaces of ours that it builds on
 */
function basesOf(read, { file, nodes }) {
  const heritage = nodes
    .map(unwrapped)
    .flatMap((node) => [{ expression: node.superClass }, ...(node.implements ?? []), ...(node.extends ?? [])]);
  return heritage.flatMap(({ expression }) => {
    const base = expression?.name ? find(read, file.path, expression.name) : undefined;
    return base ? [base] : [];
  });
}

/** @param {any} statement @returns {any} the declaration in it */
const unwrapped = (statement) => statement.declaration ?? statement;

/** @param {any} statement @returns {any[]} the public members of a class, an interface, or a type written like one */
function membersOf(statement) {
  const { body, typeAnnotation } = unwrapped(statement);
  /** @type {any[]} */
  const members = body?.body ?? typeAnnotation?.members ?? [];
  return members.filter(
    ({ key, kind, accessibility, value }) =>
      key?.type !== "PrivateIdentifier" &&
      accessibility !== "private" &&
      !(kind === "constructor" && value.params.length === 0),
  );
}

/** What calls, constructs and indexes has no name. @type {Record<string, string>} */
const NAMELESS = {
  TSCallSignatureDeclaration: "()",
  TSConstructSignatureDeclaration: "new()",
  TSIndexSignature: "[]",
};

/** @param {any} member @returns {string} its name, that of Symbol.iterator being `iterator` */
const labelOf = ({ type, key, static: isStatic }) =>
  NAMELESS[type] ?? `${isStatic ? "static " : ""}${key.name ?? key.value ?? key.property?.name}`;
