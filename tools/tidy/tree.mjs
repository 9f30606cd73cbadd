// @ts-check
// What the rules share: the shape of a finding, the files of a tree, places in a text, and the output of other tools.

import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Something to put right.
 * @typedef {object} Finding
 * @property {string} path relative to the root of the tree
 * @property {number} line from 1
 * @property {string} wrong what is wrong
 * @property {string} right what would be right
 */

/** @typedef {(root: string) => Finding[] | Promise<Finding[]>} Rule all findings in the tree at a root */

/**
 * The files below some folders that git tracks or would add: nothing that is generated, downloaded or measured.
 * @param {string} root
 * @param {readonly string[]} folders
 * @param {RegExp} name what the path has to match
 * @returns {string[]} paths relative to the root, in order
 */
export function filesOf(root, folders, name) {
  const options = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ...folders];
  const listed = execFileSync("git", options, { cwd: root, encoding: "utf8" }).split("\0");
  // A file that was removed and is not committed yet is still listed.
  return listed.filter((path) => name.test(path) && existsSync(join(root, path))).sort();
}

/** @param {string} text @param {number} offset @returns {number} the line, from 1, that has this offset */
export const lineAt = (text, offset) => text.slice(0, offset).split("\n").length;

/**
 * What a Node script of a dependency prints on stdout. Its exit code says nothing: it is not 0 where something was
 * found.
 * @param {string} root where it runs
 * @param {string[]} args arguments of `node`
 * @returns {Promise<string>}
 */
export function outputOf(root, args) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 28 }, (error, stdout) => {
      if (error && stdout === "") reject(error);
      else resolve(stdout);
    });
  });
}
