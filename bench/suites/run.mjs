// @ts-check
// One suite with one kernel module, as a process of its own: node bench/suites/run.mjs SUITE VARIANT SETTINGS. Sends the results to its parent.

import { gradients } from "./gradients.mjs";
import { kernels } from "./kernels.mjs";
import { training } from "./training.mjs";

const suites = { kernels, gradients, training };
const [suite, variant, settings] = process.argv.slice(2);
const run = suites[/** @type {keyof typeof suites} */ (suite)];
process.send?.(await run(/** @type {"strict" | "fma"} */ (variant), JSON.parse(/** @type {string} */ (settings))));
