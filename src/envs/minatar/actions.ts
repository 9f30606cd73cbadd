// What an action of each game is, by its id.

/** Of each game those with all six actions, and those with the ones that do something. */
export interface MinAtarActions {
  readonly "MinAtar/Asterix-v0": number;
  readonly "MinAtar/Asterix-v1": number;
  readonly "MinAtar/Breakout-v0": number;
  readonly "MinAtar/Breakout-v1": number;
  readonly "MinAtar/Freeway-v0": number;
  readonly "MinAtar/Freeway-v1": number;
  readonly "MinAtar/Seaquest-v0": number;
  readonly "MinAtar/Seaquest-v1": number;
  readonly "MinAtar/SpaceInvaders-v0": number;
  readonly "MinAtar/SpaceInvaders-v1": number;
}
