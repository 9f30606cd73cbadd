// @ts-check
// What a page loads, as modules, minified and gzipped. What is ignored is loaded when it is used: the kernels of fma,
// those of acting where all of them are there, and files, which no page has.

const asModules = (/** @type {object} */ config) => ({ ...config, format: "esm" });
const later = ["*/generated/acting.js", "*/generated/fma.js", "*/io/files.js"];
const main = { path: "dist/index.js", gzip: true, modifyEsbuildConfig: asModules };

export default [
  { ...main, name: "training CartPole", import: "{ makeVec, PPO, presetFor }", ignore: later, limit: "38.5 kB" },
  { ...main, name: "everything, strict kernels included", ignore: later, limit: "40 kB" },
  {
    ...{ ...main, name: "training in a thread, its script apart", path: "dist/worker/index.js" },
    ...{ ignore: [...later, "*/generated/script.js"], limit: "29 kB" },
  },
  { ...main, name: "the script of a thread", path: "dist/worker/generated/script.js", limit: "27.5 kB" },
  { ...main, name: "everything, all kernels and files included", limit: "51 kB" },
  { ...main, name: "acting, without its kernels", path: "dist/policy/index.js", ignore: later, limit: "15.9 kB" },
  { ...main, name: "the kernels of acting", path: "dist/engine/generated/acting.js", limit: "4.9 kB" },
];
