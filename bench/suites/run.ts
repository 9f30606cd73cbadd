// One suite with one kernel module, as a process of its own, which main.ts starts: SUITE VARIANT SETTINGS. Sends the
// results to its parent.

import type { KernelVariant } from "proximal/engine";
import type { Settings, Suite, SuiteResults } from "../results.ts";
import { gradients } from "./gradients.ts";
import { kernels } from "./kernels.ts";
import { sums } from "./sums.ts";
import { training } from "./training.ts";

const suites: { readonly [S in Suite]: (variant: KernelVariant, settings: Settings) => Promise<SuiteResults[S]> } = {
  kernels,
  gradients,
  sums,
  training,
};
const [suite, variant, settings] = process.argv.slice(2) as [Suite, KernelVariant, string];
process.send?.(await suites[suite](variant, JSON.parse(settings)));
