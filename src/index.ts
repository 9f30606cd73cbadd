// proximal: Proximal Policy Optimization on hand-written WebAssembly kernels.

export * from "./engine/index.ts";
export * from "./envs/index.ts";
export * from "./ppo/index.ts";
