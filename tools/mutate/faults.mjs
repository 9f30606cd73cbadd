// @ts-check
// The list of faults: texts in faults/*.txt, one file for each floor, so that code stands in them as it is.
//
//   == src/ppo/schedules.ts | ppo/training ppo/checkpoint      the faults below are in this file; tests near to it
//
//   annealClipRange does nothing                               what is wrong: one line, a name of its own in its file
//   @ return {                                                 only where the text is there more than once: what is
//   - clipRange: annealed(clipRange, annealClipRange)            before it, nearest; then the text, which has to be
//   + clipRange: annealed(clipRange, false)                      there once, and what replaces it: nothing, if missing
//   | optim/adam -t refuses|clips                              other tests than the file's; behind -t, parts of names
//   = why nothing can tell                                     the fault changes nothing that is promised
//   ? why no test tells                                        a survivor that is known, and why it is left

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Some of the tests.
 * @typedef {object} Tests
 * @property {readonly string[]} files parts of their paths, as `npm test` takes them; `assembly/NAME` is a spec
 * @property {string} pattern of the names of tests in them; empty: all
 */

/**
 * A small fault that somebody could have written.
 * @typedef {object} Fault
 * @property {string} file that it is in, relative to the root
 * @property {string} what is wrong with it
 * @property {string} list the file of the list, and
 * @property {number} line where it stands there
 * @property {string} after a text before it; empty: none is needed
 * @property {string} text that is replaced
 * @property {string} replacement
 * @property {Tests} tests that should catch it
 * @property {string} equivalent why it changes nothing that is promised; empty: it does
 * @property {string} survives why no test catches it; empty: one has to
 */

const LISTS = "tools/mutate/faults";

/** @param {Fault} fault its name in the record */
export const nameOf = ({ file, what }) => `${file}: ${what}`;

/** @param {string} root @returns {Fault[]} all of the list, in its order */
export function readFaults(root) {
  const lists = readdirSync(join(root, LISTS)).filter((name) => name.endsWith(".txt"));
  return lists.sort().flatMap((name) => parseFaults(`${LISTS}/${name}`, readFileSync(join(root, LISTS, name), "utf8")));
}

/** @param {string} list the name of the list @param {string} text @returns {Fault[]} */
function parseFaults(list, text) {
  let [file, tests] = ["", ""];
  /** @type {Fault[]} */
  const faults = [];
  let line = 1;
  for (const paragraph of text.split(/\n{2,}/)) {
    const lines = paragraph.split("\n").filter((content) => content !== "");
    /** @param {string} mark @returns {string} the lines of this mark, without it */
    const marked = (mark) =>
      lines
        .filter((content) => content.startsWith(`${mark} `) || content === mark)
        .map((content) => content.slice(2))
        .join("\n");
    const [first = ""] = lines;
    if (first.startsWith("== ")) {
      [file = "", tests = ""] = first.slice(3).split(" | ");
    } else if (first !== "") {
      faults.push({
        ...{ file, what: first, list, line },
        ...{ after: marked("@"), text: marked("-"), replacement: marked("+") },
        tests: testsOf(marked("|") || tests),
        ...{ equivalent: marked("="), survives: marked("?") },
      });
    }
    line += paragraph.split("\n").length + 1;
  }
  return faults;
}

/** @param {string} text @returns {Tests} */
function testsOf(text) {
  const [files = "", pattern = ""] = text.split(" -t ");
  return { files: files.split(" "), pattern };
}

/**
 * A file with the fault in it.
 * @param {Fault} fault
 * @param {string} source
 * @returns {string}
 */
export function withFault({ file, after, text, replacement }, source) {
  const fail = (/** @type {string} */ why) => {
    throw new Error(`${file}: ${why}`);
  };
  if (text === "" || text === replacement) fail("the fault replaces nothing");
  const from = after === "" ? 0 : source.indexOf(after);
  if (from < 0) fail(`there is no ${JSON.stringify(after)} any more`);
  const at = source.indexOf(text, from + after.length);
  if (at < 0) fail(`there is no ${JSON.stringify(text)} any more`);
  if (after === "" && source.indexOf(text, at + 1) >= 0) fail(`${JSON.stringify(text)} is there more than once`);
  return source.slice(0, at) + replacement + source.slice(at + text.length);
}

/**
 * The faults that no longer apply, and those that are there twice.
 * @param {string} root
 * @returns {import("../tidy/tree.mjs").Finding[]}
 */
export function staleFaults(root) {
  /** @type {Set<string>} */
  const names = new Set();
  return readFaults(root).flatMap((fault) => {
    const problems = [];
    if (names.has(nameOf(fault))) problems.push(`another fault of ${fault.file} has this name`);
    names.add(nameOf(fault));
    try {
      withFault(fault, readFileSync(join(root, fault.file), "utf8"));
    } catch (error) {
      problems.push(/** @type {Error} */ (error).message);
    }
    return problems.map((problem) => ({
      ...{ path: fault.list, line: fault.line, wrong: `"${fault.what}": ${problem}` },
      right: "a fault that the code can have",
    }));
  });
}
