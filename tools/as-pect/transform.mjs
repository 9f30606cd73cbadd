// @as-pect/transform 8.1.0 hard-codes the NodeKind numbers of AssemblyScript <= 0.28.14; 0.28.17 inserted one kind, so
// every later number moved by one, and specs that pass a class instance to `expect` no longer compile. This wrapper
// around as-pect's own member factories looks the numbers up instead; it can go when as-pect supports 0.28.

import { createAddReflectedValueKeyValuePairsMember } from "@as-pect/transform/lib/createAddReflectedValueKeyValuePairsMember.js";
import { createStrictEqualsMember } from "@as-pect/transform/lib/createStrictEqualsMember.js";
import { NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

/** ClassDeclaration where as-pect's factories were written. */
const KNOWN_CLASS_DECLARATION = 51;
const shift = NodeKind.ClassDeclaration - KNOWN_CLASS_DECLARATION;

const renumbered = (declaration) =>
  Object.create(declaration, {
    members: {
      value: declaration.members.map((member) => Object.create(member, { kind: { value: member.kind - shift } })),
    },
  });

function walk(statements) {
  for (const statement of statements) {
    if (statement.kind === NodeKind.ClassDeclaration) {
      const view = renumbered(statement);
      statement.members.push(createStrictEqualsMember(view), createAddReflectedValueKeyValuePairsMember(view));
    } else if (statement.kind === NodeKind.NamespaceDeclaration) walk(statement.members);
  }
}

export default class extends Transform {
  afterParse(parser) {
    for (const source of parser.sources) walk(source.statements);
  }
}
