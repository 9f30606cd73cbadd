// Blackjack-v1: one player against a dealer, from a deck without end (Sutton and Barto, 2018, example 5.1). The same
// seed and actions give Gymnasium's own episodes.

import { boolean, checkValue } from "../../base/ranges.ts";
import type { Engine } from "../../engine/engine.ts";
import type { PCG64 } from "../../engine/random.ts";
import { Tuple } from "../../spaces/composite.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { Scene, SceneShape } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { rectangle, word } from "./board.ts";

/** Twenty-one aces and one more: no hand has more cards. */
const MOST_CARDS = 22;
const SUITS = ["♣", "♦", "♥", "♠"] as const;
const FACES = ["J", "Q", "K"] as const;

/** Some cards: 1 is an ace, and jack, queen and king are 10. */
class Hand {
  /** In the order of drawing, then zeros. */
  readonly cards = new Uint8Array(MOST_CARDS);
  count = 0;
  #sum = 0;
  #hasAce = false;

  /** Begins anew with two cards. */
  deal(random: PCG64): void {
    for (let index = 0; index < this.count; index++) this.cards[index] = 0;
    this.#clear();
    this.draw(random);
    this.draw(random);
  }

  /** Takes a card: each of the thirteen of a suit is as likely. */
  draw(random: PCG64): void {
    const card = Math.min(random.integer(13) + 1, 10);
    this.cards[this.count] = card;
    this.#count(card);
  }

  /** Counts the cards that are there. */
  recount(): void {
    this.#clear();
    for (const card of this.cards) if (card > 0) this.#count(card);
  }

  /** Whether there is an ace that can be worth 11. */
  get usableAce(): number {
    return this.#hasAce && this.#sum + 10 <= 21 ? 1 : 0;
  }

  get sum(): number {
    return this.#sum + 10 * this.usableAce;
  }

  /** What it is worth: nothing beyond 21. */
  get score(): number {
    return this.sum > 21 ? 0 : this.sum;
  }

  /** An ace and a ten, and nothing else. */
  get isNatural(): boolean {
    return this.count === 2 && this.sum === 21;
  }

  #clear(): void {
    this.count = 0;
    this.#sum = 0;
    this.#hasAce = false;
  }

  #count(card: number): void {
    this.count++;
    this.#sum += card;
    this.#hasAce ||= card === 1;
  }
}

/** What a Blackjack is made with. */
export interface BlackjackOptions extends SimulationOptions {
  /**
   * Whether the rules are those of Sutton and Barto, by which an ace and a ten of the player win unless the dealer has
   * them too: true unless given, as Gymnasium registers it.
   */
  readonly sab?: boolean;
  /** Without `sab`, whether to win by an ace and a ten is worth 1.5: false unless given. */
  readonly natural?: boolean;
}

/**
 * Observations: the player's sum, the card that the dealer shows (1 is an ace), and 1 where the player has an ace that
 * counts 11. Actions: 0 sticks, after which the dealer draws up to 17, and 1 hits. Winning is worth 1, losing -1, all
 * else 0.
 */
export class Blackjack extends Simulation<number, [sum: number, dealer: number, usableAce: number]> {
  readonly observationSpace = new Tuple([new Discrete(32), new Discrete(11), new Discrete(2)]);
  readonly actionSpace = new Discrete(2);
  readonly #sab: boolean;
  readonly #natural: boolean;
  readonly #player = new Hand();
  readonly #dealer = new Hand();
  /** Which suit the dealer's first card has, and which face if it is a ten: they are seen, and decide nothing. */
  readonly #look = new Uint8Array(2);
  protected readonly parts = {
    player: { data: this.#player.cards, from: 0, to: 10 },
    dealer: { data: this.#dealer.cards, from: 0, to: 10 },
    look: { data: this.#look, from: 0, to: 3 },
  };

  /** @throws ConfigurationError for options that are none */
  constructor(engine: Engine, options: BlackjackOptions = {}) {
    super("Blackjack-v1", engine, options, ["sab", "natural"]);
    const { sab = true, natural = false } = options;
    checkValue("Blackjack-v1: sab", boolean, sab);
    checkValue("Blackjack-v1: natural", boolean, natural);
    this.#sab = sab;
    this.#natural = natural;
  }

  protected begin(): void {
    this.#dealer.deal(this.random);
    this.#player.deal(this.random);
    this.#look[0] = this.random.integer(SUITS.length);
    this.#look[1] = this.#dealer.cards[0] === 10 ? this.random.integer(FACES.length) : 0;
  }

  protected advance(action: number): void {
    const player = this.#player;
    const dealer = this.#dealer;
    if (action === 1) {
      player.draw(this.random);
      this.terminated = player.sum > 21;
      this.reward = this.terminated ? -1 : 0;
      return;
    }
    while (dealer.sum < 17) dealer.draw(this.random);
    this.terminated = true;
    this.reward = Math.sign(player.score - dealer.score);
    if (!player.isNatural) return;
    if (this.#sab && !dealer.isNatural) this.reward = 1;
    if (!this.#sab && this.#natural && this.reward === 1) this.reward = 1.5;
  }

  protected observe(into: [number, number, number]): [number, number, number] {
    into[0] = this.#player.sum;
    into[1] = this.#dealer.cards[0] as number;
    into[2] = this.#player.usableAce;
    return into;
  }

  protected override restored(): void {
    this.#player.recount();
    this.#dealer.recount();
  }

  render(): Scene {
    const [suit, face] = [SUITS[this.#look[0] as number], FACES[this.#look[1] as number]];
    const shapes: SceneShape[] = [
      word([4.5, 5.6], "dealer", 0.4, "#ffffff"),
      word(
        [4.5, 2.6],
        `player: ${this.#player.sum}${this.#player.usableAce === 1 ? ", an ace as 11" : ""}`,
        0.4,
        "#ffffff",
      ),
    ];
    const hands = [
      { hand: this.#player, y: 1.3 },
      { hand: this.#dealer, y: 4.3 },
    ];
    for (const { hand, y } of hands)
      for (let index = 0; index < hand.count; index++) {
        const isFirst = hand === this.#dealer && index === 0;
        // The dealer's second card stays covered until the player sticks.
        const isCovered = hand === this.#dealer && index > 0 && !this.terminated;
        const value = hand.cards[index] as number;
        const name = value === 1 ? "A" : isFirst && value === 10 ? (face as string) : String(value);
        const at = [1 + index * Math.min(1.5, 7 / hand.count), y] as const;
        shapes.push(
          rectangle(at, 1.3, 1.9, isCovered ? "#2e4a8c" : "#ffffff"),
          word(at, isCovered ? "?" : isFirst ? `${name}${suit}` : name, 0.6, isCovered ? "#ffffff" : "#333333"),
        );
      }
    return { view: { left: 0, bottom: 0, right: 9, top: 6 }, background: "#1e6b3a", shapes };
  }
}
