// What actions and observations of this family are, by id.

/** All are the number of a choice. */
export interface ToyTextActions {
  /** 0 sticks, 1 hits. */
  readonly "Blackjack-v1": number;
  /** 0 left, 1 down, 2 right, 3 up. */
  readonly "FrozenLake-v1": number;
  /** As in FrozenLake-v1. */
  readonly "FrozenLake8x8-v1": number;
  /** 0 up, 1 right, 2 down, 3 left. */
  readonly "CliffWalking-v1": number;
  /** As in CliffWalking-v1. */
  readonly "CliffWalkingSlippery-v1": number;
  /** 0 south, 1 north, 2 east, 3 west, 4 picks up, 5 drops off. */
  readonly "Taxi-v4": number;
}

/** Numbers, which of a Discrete space; of Blackjack three. */
export interface ToyTextObservations {
  /** The player's sum, the dealer's card, and whether the player has a usable ace. */
  readonly "Blackjack-v1": [sum: number, dealer: number, usableAce: number];
  /** Row times columns plus column, the uppermost row first. */
  readonly "FrozenLake-v1": number;
  /** As in FrozenLake-v1. */
  readonly "FrozenLake8x8-v1": number;
  /** As in FrozenLake-v1. */
  readonly "CliffWalking-v1": number;
  /** As in FrozenLake-v1. */
  readonly "CliffWalkingSlippery-v1": number;
  /** ((row * 5 + column) * 5 + passenger) * 4 + destination. */
  readonly "Taxi-v4": number;
}
