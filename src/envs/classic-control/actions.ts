// What is known of this family by types alone.

/** What an action of each environment of this family is, by its id. */
export interface ClassicControlActions {
  /** 0 or 1. */
  readonly "CartPole-v0": number;
  /** 0 or 1. */
  readonly "CartPole-v1": number;
  /** 0, 1 or 2. */
  readonly "MountainCar-v0": number;
  /** [1]: from -1 to 1. */
  readonly "MountainCarContinuous-v0": Float32Array;
  /** [1]: from -2 to 2. */
  readonly "Pendulum-v1": Float32Array;
  /** 0, 1 or 2. */
  readonly "Acrobot-v1": number;
}
