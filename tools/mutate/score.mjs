// @ts-check
// The record of the faults: who catches each, and how many are caught of those that somebody could.

import { nameOf } from "./faults.mjs";

/** @typedef {import("./faults.mjs").Fault} Fault */

/** What a fault came to that no test caught. */
export const SURVIVED = "nobody";

/**
 * @typedef {object} Score
 * @property {string} score the share that is caught
 * @property {Record<string, number>} counts
 * @property {Record<string, string>} survivors each with why it is left, where that is known
 * @property {Record<string, string>} equivalent each with why it changes nothing
 * @property {Record<string, string>} catchers of every other fault: a file of tests
 */

/**
 * @param {readonly Fault[]} faults the whole list
 * @param {Readonly<Record<string, string>>} catchers what is known, by the names of the faults
 * @returns {Score}
 */
export function scoreOf(faults, catchers) {
  const equivalent = faults.filter((fault) => fault.equivalent !== "");
  const tried = faults.filter((fault) => fault.equivalent === "" && catchers[nameOf(fault)] !== undefined);
  const survivors = tried.filter((fault) => catchers[nameOf(fault)] === SURVIVED);
  const caught = tried.filter((fault) => !survivors.includes(fault));
  /** @param {readonly Fault[]} some @param {(fault: Fault) => string} say */
  const table = (some, say) => Object.fromEntries(some.map((fault) => [nameOf(fault), say(fault)]));
  return {
    score: `${((100 * caught.length) / Math.max(1, tried.length)).toFixed(1)} %`,
    counts: {
      ...{ faults: faults.length, caught: caught.length, survived: survivors.length, equivalent: equivalent.length },
      untried: faults.length - equivalent.length - tried.length,
    },
    survivors: table(survivors, ({ survives }) => survives || "not known"),
    equivalent: table(equivalent, ({ equivalent }) => equivalent),
    catchers: table(caught, (fault) => catchers[nameOf(fault)] ?? ""),
  };
}

/** @param {Score} score what is known by it @returns {Record<string, string>} */
export const catchersOf = ({ survivors, catchers }) => ({
  ...catchers,
  ...Object.fromEntries(Object.keys(survivors).map((name) => [name, SURVIVED])),
});
