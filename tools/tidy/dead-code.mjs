// @ts-check
// Files, exports and dependencies that nothing uses. knip finds them; knip.jsonc says where the use of everything
// begins.

import { outputOf } from "./tree.mjs";

const UNUSED_PACKAGE = ["nothing uses the package", "remove it from package.json"];
const UNNAMED_PACKAGE = ["package.json does not name the package", "add it there"];
const UNUSED_EXPORT = ["nothing imports", "remove it, or the word export where its own file uses it"];

/** What is wrong, and what would be right, for each kind of thing that knip lists. @type {Record<string, string[]>} */
const KINDS = {
  files: ["nothing imports", "remove the file, or name it in tools/tidy/knip.jsonc where something runs it"],
  exports: UNUSED_EXPORT,
  types: UNUSED_EXPORT,
  duplicates: ["one thing is exported as", "one name"],
  dependencies: UNUSED_PACKAGE,
  devDependencies: UNUSED_PACKAGE,
  unlisted: UNNAMED_PACKAGE,
  binaries: UNNAMED_PACKAGE,
  unresolved: ["there is no module", "the path of one"],
};

/**
 * @param {string} root
 * @param {string[]} [options] further options of knip
 * @returns {Promise<import("./tree.mjs").Finding[]>} what it lists
 */
async function knip(root, options = []) {
  const settings = ["--config", "tools/tidy/knip.jsonc", "--reporter", "json", "--no-progress"];
  const output = await outputOf(root, ["node_modules/knip/bin/knip.js", ...settings, ...options]);
  /** @type {{ file: string }[]} */
  const files = JSON.parse(output).issues;
  return files.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, issues]) =>
      issues.map((/** @type {any} */ issue) => {
        const things = [issue].flat(); // a duplicate is a list of its names
        const [wrong = kind, right = "see knip.dev"] = KINDS[kind] ?? [];
        const names = things.map(({ name }) => name).join(", ");
        return { path: file, line: things[0].line ?? 1, wrong: `${wrong} ${names}`, right };
      }),
    ),
  );
}

/** What nothing uses at all. @type {import("./tree.mjs").Rule} */
export const deadCode = (root) => knip(root);

/** What is alive, but not without the tests. @type {import("./tree.mjs").Rule} */
export async function testedOnly(root) {
  const [dead, without] = await Promise.all([knip(root), knip(root, ["--production"])]);
  const keys = new Set(dead.map(({ path, wrong }) => path + wrong));
  return without
    .filter(({ path, wrong }) => !keys.has(path + wrong))
    .map(({ wrong, ...finding }) => ({
      ...finding,
      wrong: `but for tests, ${wrong}`,
      right: "test it through what uses it, or move it to the tests",
    }));
}
