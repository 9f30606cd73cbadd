// What an action of each game is, by its id.

/** The games. */
type Name = "Asterix" | "Breakout" | "Freeway" | "Seaquest" | "SpaceInvaders";

/** Of each game that with all six actions, "-v0", and that with those that do something, "-v1". */
export interface MinAtarActions extends Readonly<Record<`MinAtar/${Name}-v${0 | 1}`, number>> {}
