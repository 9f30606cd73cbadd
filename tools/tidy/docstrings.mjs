// @ts-check
// Every name that a person can import has a docstring, and so has each public member of its classes, interfaces and
// object types, those included that are not exported themselves and that a hover still leads to. What a base class or
// an interface of ours documents need not be documented again. A name that a user starts from has an example as well
// (starting-points.mjs). This is read from the declarations that the package ships: they have no private name, and
// every generated one.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Visitor } from "oxc-parser";
import { declarationReader, find, namesOf } from "./declarations.mjs";
import { STARTING_POINTS } from "./starting-points.mjs";

/** @typedef {import("./declarations.mjs").Declaration} Declaration */
/** @typedef {import("./declarations.mjs").Read} Read */
/** @typedef {{ label: string, line: number, docstring: string | undefined }} Named one name of a declaration */

/** @type {import("./tree.mjs").Rule} */
export function docstrings(root) {
  const read = declarationReader();
  const known = new Map(entriesOf(root).flatMap(({ path }) => [...exportsOf(read, path)]));
  // What an entry does not export may still be the type of something that it does.
  for (const declaration of known.values())
    for (const other of mentionedBy(read, declaration)) known.set(other.nodes[0], other);
  return [...known.values()].flatMap((declaration) => {
    const path = relative(root, declaration.file.path);
    const right = `one sentence in /** */ above it in ${sourceOf(path)}`;
    return [...undocumented(read, declaration)].map(([name, line]) => {
      return { path, line, wrong: `${name} has no docstring`, right };
    });
  });
}

/** @type {import("./tree.mjs").Rule} */
export function examples(root) {
  const read = declarationReader();
  return entriesOf(root).flatMap(({ entry, path }) => {
    const named = [...exportsOf(read, path).values()].flatMap(namesIn);
    return (STARTING_POINTS[entry] ?? []).flatMap((label) => {
      const [first, ...others] = named.filter((name) => name.label === label);
      if (first === undefined) {
        const wrong = `${label} is a starting point of ${entry} that does not exist`;
        return [{ path: "tools/tidy/starting-points.mjs", line: 1, wrong, right: "name what took its place" }];
      }
      if ([first, ...others].some(({ docstring }) => docstring?.includes("```ts"))) return [];
      const { file } = /** @type {Declaration} */ (find(read, path, label.split(".")[0] ?? label));
      const right = `a \`\`\`ts block in its docstring in ${sourceOf(relative(root, file.path))}`;
      return [{ path: relative(root, file.path), line: first.line, wrong: `${label} has no example`, right }];
    });
  });
}

/** @param {string} root @returns {{ entry: string, path: string }[]} the entries that have declarations */
function entriesOf(root) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(exports).flatMap(([entry, { types }]) => (types ? [{ entry, path: join(root, types) }] : []));
}

/**
 * @param {Read} read
 * @param {string} entry
 * @returns {Map<unknown, Declaration>} by its first node: a name may be exported by several entries
 */
function exportsOf(read, entry) {
  return new Map(
    namesOf(read, entry).map((name) => {
      const declaration = find(read, entry, name);
      if (declaration === undefined) throw new Error(`tidy: ${entry} exports ${name}, which is declared nowhere`);
      return [declaration.nodes[0], declaration];
    }),
  );
}

/** @param {string} path a declaration file @returns {string} what it is made from */
const sourceOf = (path) =>
  path.includes("/generated/") ? "assembly/" : path.replace(/^dist/, "src").replace(/\.d\.ts$/, ".ts");

/** @param {Declaration} declaration @returns {Named[]} its name and those of its members, one for each overload */
function namesIn({ file, name, nodes }) {
  const members = nodes.flatMap(membersOf).map((node) => ({ label: `${name}.${labelOf(node)}`, node }));
  return [...nodes.map((node) => ({ label: name, node })), ...members].map(({ label, node }) => {
    return { label, line: file.lineOf(node), docstring: file.docstringOf(node) };
  });
}

/** @param {Read} read @param {Declaration} declaration @returns {Map<string, number>} undocumented names and lines */
function undocumented(read, declaration) {
  const inherited = documentedAbove(read, declaration);
  const named = namesIn(declaration).filter(({ label }) => !inherited.has(label.slice(declaration.name.length + 1)));
  // One docstring is enough for the overloads of a function and for the two halves of an accessor.
  const documented = new Set(named.flatMap(({ label, docstring }) => (docstring === undefined ? [] : [label])));
  return new Map(named.flatMap(({ label, line }) => (documented.has(label) ? [] : [[label, line]])));
}

/** @param {Read} read @param {Declaration} declaration @returns {Set<string>} the members that its bases document */
function documentedAbove(read, declaration) {
  return new Set(
    basesOf(read, declaration).flatMap((base) => [
      ...base.nodes.flatMap(membersOf).filter(base.file.docstringOf).map(labelOf),
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

/**
 * @param {Read} read
 * @param {Declaration} declaration
 * @returns {Declaration[]} its bases, and the types of ours that its public members and parameters are of
 */
function mentionedBy(read, declaration) {
  /** @type {Declaration[]} */
  const found = basesOf(read, declaration);
  const note = (/** @type {any} */ { typeName }) => {
    const other = typeName.name ? find(read, declaration.file.path, typeName.name) : undefined;
    if (other !== undefined) found.push(other);
  };
  const visitor = new Visitor({ TSTypeReference: note });
  for (const node of declaration.nodes) visitor.visit(/** @type {any} */ ({ type: "Program", body: [node] }));
  return found;
}

/** @param {any} statement @returns {any} the declaration in it */
const unwrapped = (statement) => statement.declaration ?? statement;

/** @param {any} type @returns {any[]} the members of the object types that it is made of */
const membersOfType = (type) =>
  type?.members ?? [...(type?.types ?? []), type?.typeAnnotation].filter(Boolean).flatMap(membersOfType);

/** @param {any} statement @returns {any[]} the public members of a class, an interface, or a type written like one */
function membersOf(statement) {
  const { body, typeAnnotation } = unwrapped(statement);
  /** @type {any[]} */
  const members = body?.body ?? membersOfType(typeAnnotation);
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
