// @ts-check
// What a rule counts may only fall. limits.json has the number of findings that each rule still accepts: a higher count
// is a fault that was just made, a lower one has to be written down, so that it is not lost again.

/** @typedef {Record<string, number>} Counts findings by the name of the rule */

/**
 * @param {Counts} counts what the rules found
 * @param {Counts} limits what limits.json accepts; a rule that it does not name accepts nothing
 * @returns {{ rule: string, problem: string }[]} the rules that fail, and why
 */
export function problemsOf(counts, limits) {
  const rules = [...new Set([...Object.keys(counts), ...Object.keys(limits)])];
  return rules.flatMap((rule) => {
    const problem = problemOf(counts[rule], limits[rule] ?? 0);
    return problem === undefined ? [] : [{ rule, problem }];
  });
}

/** @param {number | undefined} count @param {number} limit */
function problemOf(count, limit) {
  if (count === undefined) return "limits.json names it, but it is no rule; npm run check:tidy -- --lower removes it";
  if (count > limit) return `${count} findings, where ${limit} are accepted`;
  if (count < limit) return `${count} findings are left of ${limit}; npm run check:tidy -- --lower keeps it so`;
}

/**
 * @param {Counts} counts
 * @param {Counts} limits
 * @returns {Counts} the limits that the counts allow: lower where fewer findings are left, never higher
 */
export const lowered = (counts, limits) =>
  Object.fromEntries(Object.entries(counts).map(([rule, count]) => [rule, Math.min(count, limits[rule] ?? 0)]));
