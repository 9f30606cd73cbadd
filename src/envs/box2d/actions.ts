// What an action of each environment of this family is.

/** Types of actions by id. */
export interface Box2DActions {
  /** 0 does nothing, 1 fires the left engine, 2 the main one, 3 the right one. */
  readonly "LunarLander-v3": number;
  /** [2]: throttle of the main engine, and of the engines to the sides. */
  readonly "LunarLanderContinuous-v3": Float32Array;
  /** [4]: hip and knee of one leg, then of the other. */
  readonly "BipedalWalker-v3": Float32Array;
  /** [4]: hip and knee of one leg, then of the other. */
  readonly "BipedalWalkerHardcore-v3": Float32Array;
}
