// @ts-check
// One line width, for code and for comments. biome's formatter holds most of the code; it leaves comments as they are,
// and what it cannot break: a literal that crosses the edge is allowed, a comment or anything else is not. Python has
// no formatter here, so no exception.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { filesOf } from "./tree.mjs";

const COLUMNS = 120;
const FOLDERS = ["assembly", "bench", "bin", "src", "test", "tools"];

/** @typedef {{ start: number, end: number }} Span offsets into a text */

/** @type {import("./tree.mjs").Rule} */
export function lineWidth(root) {
  return filesOf(root, FOLDERS, /\.([mc]?[jt]s|py)$/).flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const wide = wideLines(text);
    if (wide.length === 0) return [];
    const { comments, literals } = path.endsWith(".py") ? { comments: [], literals: [] } : spansOf(path, text);
    return wide
      .filter(({ edge, end }) => {
        const crossing = (/** @type {Span} */ span) => span.start < edge && span.end >= edge;
        const onlyPunctuation = /^[)\]},;]*$/.test(text.slice(edge, end));
        return comments.some(crossing) || !(literals.some(crossing) || onlyPunctuation);
      })
      .map(({ line, columns }) => ({
        path,
        line,
        wrong: `the line has ${columns} columns`,
        right: `at most ${COLUMNS}, in comments too`,
      }));
  });
}

/** @param {string} text its wide lines: their numbers, widths, and the offsets of the edge and of the end */
function wideLines(text) {
  let start = 0;
  return text.split("\n").flatMap((content, index) => {
    const columns = [...content];
    const edge = start + columns.slice(0, COLUMNS).join("").length;
    const end = start + content.length;
    start = end + 1;
    return columns.length > COLUMNS ? [{ line: index + 1, columns: columns.length, edge, end }] : [];
  });
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {{ comments: Span[], literals: Span[] }}
 */
function spansOf(path, text) {
  const { program, comments } = parseSync(path, text);
  /** @type {Span[]} */
  const literals = [];
  const note = (/** @type {Span} */ { start, end }) => void literals.push({ start, end });
  new Visitor({ Literal: note, TemplateLiteral: note }).visit(program);
  return { comments, literals };
}
