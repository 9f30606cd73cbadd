/** What every error of this library is: one line that names the thing, its value, and what would be right. */
export class ProximalError extends Error {
  /** That of its class. */
  override readonly name: string = "ProximalError";
}

/** A hyper-parameter or option that is unknown or out of range. */
export class ConfigurationError extends ProximalError {
  override readonly name = "ConfigurationError";
}

/** Shapes or data types that do not fit together. */
export class ShapeError extends ProximalError {
  override readonly name = "ShapeError";
}

/** NaN or infinity where a number has to be: in a loss, a gradient, an observation or a reward. */
export class NonFiniteError extends ProximalError {
  override readonly name = "NonFiniteError";
}

/**
 * A file that cannot be read or written, is truncated, of another format or of another version; or a state that is not
 * what was saved.
 */
export class FileFormatError extends ProximalError {
  override readonly name = "FileFormatError";
}

/** Something that this JavaScript engine cannot do. */
export class UnsupportedError extends ProximalError {
  override readonly name = "UnsupportedError";
}

/** Arrays that do not fit the 4 GiB of a WebAssembly memory, or what the engine gives of them. */
export class OutOfMemoryError extends ProximalError {
  override readonly name = "OutOfMemoryError";
}

/** A training in which the monitor found something wrong, where that was to end it. */
export class TrainingError extends ProximalError {
  override readonly name = "TrainingError";
}

/** An environment id that is not registered. */
export class UnknownEnvironmentError extends ProximalError {
  override readonly name = "UnknownEnvironmentError";
}

/** An environment used out of order, or given what is not an action. */
export class EnvironmentError extends ProximalError {
  override readonly name = "EnvironmentError";
}

/** A package that an environment needs, and that is not installed. */
export class MissingPackageError extends ProximalError {
  override readonly name = "MissingPackageError";
}
