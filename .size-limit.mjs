// @ts-check
// What a page loads, as modules, minified and gzipped. What is ignored is loaded when it is used: the kernels of fma,
// those of acting where all of them are there, and files, which no page has; the heads and networks beyond a choice among
// actions by an MLP; what looks at environments; environments that are made by their names; and, but where a policy is
// only read, what reads a policy and a checkpoint.

const asModules = (/** @type {object} */ config) => ({ ...config, format: "esm" });
const acting = ["*/generated/acting.js", "*/generated/fma.js", "*/io/files.js", "*/all-makers.js"];
const environments = [
  ...["*/acrobot.js", "*/mountain-car.js", "*/mountain-car-continuous.js", "*/pendulum.js"],
  ...["*/blackjack.js", "*/cliff-walking.js", "*/frozen-lake.js", "*/taxi.js"],
];
const later = [...acting, ...environments, "*/policy-file.js", "*/checkpoint-file.js", "*/rules.js"];
const main = { path: "dist/index.js", gzip: true, modifyEsbuildConfig: asModules };

export default [
  { ...main, name: "training CartPole", import: "{ makeVec, PPO, presetFor }", ignore: later, limit: "53 kB" },
  { ...main, name: "everything, strict kernels included", ignore: later, limit: "62 kB" },
  {
    ...{ ...main, name: "training in a thread, its script apart", path: "dist/worker/index.js" },
    ...{ ignore: [...later, "*/generated/script.js"], limit: "30.5 kB" },
  },
  { ...main, name: "the script of a thread", path: "dist/worker/generated/script.js", limit: "49 kB" },
  { ...main, name: "everything, all kernels and files included", limit: "98 kB" },
  { ...main, name: "acting, without its kernels", path: "dist/policy/index.js", ignore: acting, limit: "21.7 kB" },
  { ...main, name: "the kernels of acting", path: "dist/engine/generated/acting.js", limit: "6.4 kB" },
];
