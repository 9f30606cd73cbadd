// The search for an architecture as an environment: six choices are an episode, and what they are worth stands in a
// table (Dong, Liu, Musial and Gabrys, "NATS-Bench", 2021: its topology search space, that of NAS-Bench-201).

import type { Engine } from "../../engine/engine.ts";
import { Box } from "../../spaces/box.ts";
import { Discrete } from "../../spaces/discrete.ts";
import type { EnvSpec } from "../env.ts";
import type { Point, Scene, SceneShape } from "../scene.ts";
import { Simulation, type SimulationOptions } from "../simulation.ts";
import { SyncVectorEnv } from "../sync-vector-env.ts";
import { EDGES, type NatsTable, OPERATIONS } from "./table.ts";

const OPERATION_NAMES = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"] as const;
/** From which node to which each edge leads, in the order of the choices. */
const EDGE_ENDS = [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
] as const;
const FEATURES = EDGES * OPERATIONS + EDGES;

/** What a search has come to. Accuracies are in percent, as the table has them. */
export interface NatsBenchOutcome {
  /** Architectures looked at, each as often as it was. */
  readonly evaluations: number;
  /** That of the best validation, the first of those that are alike, as NATS-Bench writes it; null before the first. */
  readonly bestArchitecture: string | null;
  /** Its accuracy in validation, after 12 epochs. */
  readonly bestValidation: number | null;
  /** Its accuracy in the test, after 200 epochs, of which the search knows nothing. */
  readonly testAccuracy: number | null;
  /** As the outcome of any environments. */
  readonly [name: string]: number | string | null;
}

/** What a search remembers. */
interface Best {
  /** Its digits as a number of base 5. */
  readonly code: number;
  /** At which of the environment's evaluations it was found. */
  readonly foundAt: number;
  /** Its accuracy, in percent. */
  readonly validation: number;
}

/**
 * A cell of four nodes and six edges, of each of which an operation is chosen, in the order 0-1, 0-2, 1-2, 0-3, 1-3,
 * 2-3. Actions: 0 none, 1 skip_connect, 2 nor_conv_1x1, 3 nor_conv_3x3, 4 avg_pool_3x3. Observations [36], of zeros and
 * ones: the operation of each edge [6, 5], zeros where none is chosen yet, then the edge that is next [6], zeros at the
 * end. The last choice is worth the validation accuracy after 12 epochs as a fraction, 0.84 for 84 %; those before 0.
 */
export class NatsBench extends Simulation {
  readonly observationSpace = new Box(0, 1, [FEATURES]);
  readonly actionSpace = new Discrete(OPERATIONS);
  readonly #table: NatsTable;
  readonly #choices = new Int32Array(EDGES);
  /** How many of them are made. */
  readonly #made = new Int32Array(1);
  readonly #evaluations = new Int32Array(1);
  readonly #best = new Int32Array(1).fill(-1);
  readonly #foundAt = new Int32Array(1);
  protected readonly parts = {
    choices: { data: this.#choices, from: 0, to: OPERATIONS - 1 },
    made: { data: this.#made, from: 0, to: EDGES },
    evaluations: { data: this.#evaluations, from: 0 },
    best: { data: this.#best, from: -1, to: OPERATIONS ** EDGES - 1 },
    foundAt: { data: this.#foundAt, from: 0 },
  };

  /** @param table what architectures are worth */
  constructor(id: string, engine: Engine, table: NatsTable, options: SimulationOptions = {}) {
    super(id, engine, options);
    this.#table = table;
  }

  protected begin(): void {
    this.#choices.fill(0);
    this.#made[0] = 0;
  }

  protected advance(action: number): void {
    const made = this.#made[0] as number;
    this.#choices[made] = action;
    this.#made[0] = made + 1;
    this.terminated = made + 1 === EDGES;
    this.reward = this.terminated ? this.#evaluate() / 100 : 0;
  }

  /** What the architecture is worth, which is noted where it is the best so far. */
  #evaluate(): number {
    let code = 0;
    for (let edge = 0; edge < EDGES; edge++) code = code * OPERATIONS + (this.#choices[edge] as number);
    const accuracy = this.#table.validation[code] as number;
    const evaluation = (this.#evaluations[0] as number) + 1;
    this.#evaluations[0] = evaluation;
    const best = this.#best[0] as number;
    if (best < 0 || accuracy > (this.#table.validation[best] as number)) {
      this.#best[0] = code;
      this.#foundAt[0] = evaluation;
    }
    return accuracy;
  }

  protected observe(into: Float32Array): Float32Array {
    const made = this.#made[0] as number;
    into.fill(0);
    for (let edge = 0; edge < made; edge++) into[edge * OPERATIONS + (this.#choices[edge] as number)] = 1;
    if (made < EDGES) into[EDGES * OPERATIONS + made] = 1;
    return into;
  }

  /** What the search has come to, of this environment alone. */
  outcome(): NatsBenchOutcome {
    return outcomeOf([this]);
  }

  /** For `outcomeOf`. */
  get record(): { readonly evaluations: number; readonly table: NatsTable; readonly best: Best | undefined } {
    const code = this.#best[0] as number;
    const best =
      code < 0
        ? undefined
        : { code, foundAt: this.#foundAt[0] as number, validation: this.#table.validation[code] as number };
    return { evaluations: this.#evaluations[0] as number, table: this.#table, best };
  }

  render(): Scene {
    const nodes: readonly Point[] = [
      [1, 4],
      [5, 7],
      [5, 1],
      [9, 4],
    ];
    const shapes: SceneShape[] = [];
    for (const [edge, [from, to]] of EDGE_ENDS.entries()) {
      const [start, end] = [nodes[from] as Point, nodes[to] as Point];
      const isMade = edge < (this.#made[0] as number);
      const name = isMade ? (OPERATION_NAMES[this.#choices[edge] as number] as string) : "?";
      // Off the middle, where two edges cross.
      const at: Point = [start[0] + 0.42 * (end[0] - start[0]), start[1] + 0.42 * (end[1] - start[1]) + 0.3];
      const color = !isMade ? "#cccccc" : name === "none" ? "#eeeeee" : "#1f77b4";
      shapes.push(
        { kind: "line", points: [start, end], width: 0.08, color },
        { kind: "text", at, text: name, size: 0.4, color: "#333333" },
      );
    }
    for (const [index, at] of nodes.entries())
      shapes.push(
        { kind: "circle", at, radius: 0.45, fill: "#f2c14e" },
        { kind: "text", at, text: String(index), size: 0.5, color: "#333333" },
      );
    return { view: { left: 0, bottom: 0, right: 10, top: 8 }, shapes };
  }
}

/** Environments that search together: what comes of one is known to all of them. */
export class NatsBenchSearch extends SyncVectorEnv<number> {
  readonly #searches: readonly NatsBench[];

  constructor(searches: readonly NatsBench[], options: { readonly spec: EnvSpec; readonly seed: number }) {
    super(searches, options);
    this.#searches = searches;
  }

  /** What the search has come to, of all environments together. */
  outcome(): NatsBenchOutcome {
    return outcomeOf(this.#searches);
  }
}

function outcomeOf(searches: readonly NatsBench[]): NatsBenchOutcome {
  const records = searches.map(({ record }) => record);
  const evaluations = records.reduce((sum, record) => sum + record.evaluations, 0);
  const best = records.reduce<Best | undefined>((best, { best: other }) => {
    if (best === undefined || other === undefined) return best ?? other;
    const difference = other.validation - best.validation || best.foundAt - other.foundAt;
    return difference > 0 ? other : best;
  }, undefined);
  if (best === undefined) return { evaluations, bestArchitecture: null, bestValidation: null, testAccuracy: null };
  return {
    evaluations,
    bestArchitecture: architectureOf(best.code),
    bestValidation: best.validation,
    testAccuracy: records[0]?.table.test[best.code] as number,
  };
}

/** As NATS-Bench writes it: each operation with the node that it comes from, by the node that they lead to. */
function architectureOf(code: number): string {
  const choices = EDGE_ENDS.map((_, edge) => Math.floor(code / OPERATIONS ** (EDGES - 1 - edge)) % OPERATIONS);
  const nodes = [1, 2, 3].map((node) => {
    const edges = EDGE_ENDS.map(([from, to], edge) => ({ from, to, operation: choices[edge] as number }));
    const into = edges.filter(({ to }) => to === node);
    return `|${into.map(({ from, operation }) => `${OPERATION_NAMES[operation]}~${from}`).join("|")}|`;
  });
  return nodes.join("+");
}
