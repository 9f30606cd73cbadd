// @ts-check
// Writes the TypeScript interface of the kernels from their AssemblyScript signatures, so that each is written once.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An exported function with the documentation above it. */
const signature = /(?:(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n)?export function (\w+)\(([^)]*)\): (\w+) \{/g;

/**
 * The names that index.ts exports: those in braces, and every function that a file exports which it takes whole.
 * @param {string} folder
 */
function exportedNames(folder) {
  const index = readFileSync(join(folder, "index.ts"), "utf8");
  const named = [...index.matchAll(/export \{([^}]*)\}/g)].flatMap(([, names = ""]) => names.split(","));
  const whole = [...index.matchAll(/export \* from "(.+)"/g)].flatMap(([, file]) =>
    [...readFileSync(join(folder, `${file}.ts`), "utf8").matchAll(signature)].map(([, , name = ""]) => name),
  );
  return new Set([...named, ...whole].map((name) => name.trim()).filter(Boolean));
}

/**
 * @param {string} folder the folder of the kernels
 * @returns {string} a TypeScript module that exports `interface Kernels`
 */
export function kernelTypes(folder) {
  const exported = exportedNames(folder);
  const members = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .sort()) {
    for (const [, documentation, name = "", parameters = "", result] of readFileSync(
      join(folder, file),
      "utf8",
    ).matchAll(signature)) {
      // elementary.ts has functions of the same names on one vector: they take no address.
      if (!exported.has(name) || parameters.includes("v128")) continue;
      const names = parameters
        .split(",")
        .map((parameter) => parameter.trim().split(":")[0])
        .filter(Boolean);
      const type = `(${names.map((parameter) => `${parameter}: number`).join(", ")}) => ${result === "void" ? "void" : "number"}`;
      if (documentation !== undefined) members.push(documentation.replace(/^/gm, "  "));
      members.push(`  readonly ${name}: ${type};`);
      exported.delete(name);
    }
  }
  if (exported.size > 0) throw new Error(`kernel types: no signature found for ${[...exported].join(", ")}`);
  return `// Generated from assembly/ by tools/kernel-types.mjs.\n\n/** The kernels of either module. Arguments are addresses and sizes. */\nexport interface Kernels {\n${members.join("\n")}\n}\n`;
}
