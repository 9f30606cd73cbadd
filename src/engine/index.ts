// proximal/engine: the kernels and their memory, random streams, and the errors of this library.

export {
  ConfigurationError,
  EnvironmentError,
  FileFormatError,
  MissingPackageError,
  NonFiniteError,
  OutOfMemoryError,
  ProximalError,
  ShapeError,
  TrainingError,
  UnknownEnvironmentError,
  UnsupportedError,
} from "../base/errors.ts";
export { Engine, type EngineOptions } from "./engine.ts";
export { hasRelaxedSimd, hasSimd } from "./features.ts";
export type { Kernels } from "./generated/kernels.ts";
export type { LinearMemory } from "./heap.ts";
export type { KernelVariant } from "./kernel-instance.ts";
export { PCG64, Stream } from "./random.ts";
