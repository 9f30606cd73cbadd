// proximal/envs: environments, and what makes one.

export {
  Box,
  Dict,
  Discrete,
  MultiBinary,
  MultiDiscrete,
  maskSizeOf,
  type Observation,
  type ObservationSpace,
  type Space,
  type SpaceJSON,
  spaceFrom,
  Tuple,
  type Violation,
} from "../spaces/index.ts";
export { CartPole } from "./classic-control/cartpole.ts";
export type { ConformanceFinding, ConformanceOptions } from "./conformance/finding.ts";
export { checkConformance } from "./conformance/index.ts";
export type { AnyEnv, Env, EnvOf, EnvSpec, StepResult } from "./env.ts";
export { type MakeVecOptions, makeVec } from "./make-vec.ts";
// With a star: an interface can be added to through those only.
export type * from "./registration.ts";
export { environments, make, register } from "./registry.ts";
export type { Circle, Image, Line, Point, Polygon, Scene, SceneShape, Text } from "./scene.ts";
export { SyncVectorEnv } from "./sync-vector-env.ts";
export type { VectorEnv } from "./vector-env.ts";
export { ActionRepeat } from "./wrappers/action-repeat.ts";
export { type AtariOptions, AtariPreprocessing, type ScreenEnv } from "./wrappers/atari.ts";
export { ClipAction } from "./wrappers/clip-action.ts";
export { FlattenObservation } from "./wrappers/flatten-observation.ts";
export { FrameStackObservation } from "./wrappers/frame-stack-observation.ts";
export { type EpisodeStatistics, RecordEpisodeStatistics } from "./wrappers/record-episode-statistics.ts";
export { RescaleAction } from "./wrappers/rescale-action.ts";
export { TimeLimit } from "./wrappers/time-limit.ts";
export { TransformObservation } from "./wrappers/transform-observation.ts";
export { TransformReward } from "./wrappers/transform-reward.ts";
export { unwrapped, Wrapper } from "./wrappers/wrapper.ts";
