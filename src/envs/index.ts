// proximal/envs: environments, and what makes one.

export { CartPole } from "./cartpole.ts";
export type { Env, EnvSpec, JsonValue, StepResult } from "./env.ts";
export { environments, type MakeOptions, make, type Registration, register } from "./registry.ts";
export { Box, Discrete, type Space, type SpaceDescription, spaceFrom } from "./spaces.ts";
export { TimeLimit } from "./time-limit.ts";
export { makeVec, SyncVectorEnv, type VectorEnv } from "./vector.ts";
