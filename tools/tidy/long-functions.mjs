// @ts-check
// A function fits on a screen: 70 lines. biome counts them; the number, and what is exempt from it, stand in
// biome.json.

import { outputOf } from "./tree.mjs";

/** @type {import("./tree.mjs").Rule} */
export async function longFunctions(root) {
  const options = ["lint", "--reporter=json", "--max-diagnostics=none"];
  /** @type {{ diagnostics: any[] }} */
  const { diagnostics } = JSON.parse(await outputOf(root, ["node_modules/@biomejs/biome/bin/biome", ...options]));
  return diagnostics
    .filter(({ category }) => category === "lint/complexity/noExcessiveLinesPerFunction")
    .map(({ location, message }) => ({
      path: location.path,
      line: location.start.line,
      wrong: message.replace(/\.$/, ""),
      right: "its steps as functions with names",
    }));
}
