// The reference that gradients are checked against: reverse-mode differentiation of scalars in float64, in the manner
// of Karpathy's micrograd. Each number carries a bound of the error that a float32 computation of it may have, by
// running error analysis (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.3): an operation
// adds its own roundings to what its operands bring along, to first order. Bounds are in units of 2^-24, the relative
// error of one rounding. So a tolerance is derived for every element of every gradient.

/** The relative error of one rounding to float32. */
export const UNIT = 2 ** -24;

/** The numbers of a block, of which a kernel adds up several, and then the blocks, where a sum is longer. */
const BLOCK = 256;

/** How often a sum of so many terms rounds, in any order, as far as each term is concerned. */
function additions(terms: number): number {
  return Math.min(terms, BLOCK) - 1 + Math.max(0, Math.ceil(terms / BLOCK) - 1);
}

/** An operand with the derivative of the result, and the bound of that derivative's own error. */
type Edge = readonly [operand: Value, derivative: number, error: number];

export class Value {
  readonly value: number;
  /** The bound of a float32 result's error, in units of 2^-24. */
  readonly error: number;
  gradient = 0;
  gradientError = 0;
  readonly #edges: readonly Edge[];
  #uses = 0;

  private constructor(value: number, error: number, edges: readonly Edge[]) {
    this.value = value;
    this.error = error;
    this.#edges = edges;
    for (const [operand] of edges) operand.#uses++;
  }

  /** An input, which is exact unless said. */
  static of(value: number, error = 0): Value {
    return new Value(value, error, []);
  }

  /** @param roundings the relative error of the operation itself, in units */
  static #from(value: number, roundings: number, edges: readonly Edge[]): Value {
    const inherited = edges.reduce((sum, [operand, derivative]) => sum + Math.abs(derivative) * operand.error, 0);
    return new Value(value, roundings * Math.abs(value) + inherited, edges);
  }

  /** Each addition rounds a partial sum, which is no larger than the sum of all magnitudes. */
  static sum(terms: readonly Value[]): Value {
    const value = terms.reduce((sum, term) => sum + term.value, 0);
    const magnitude = terms.reduce((sum, term) => sum + Math.abs(term.value), 0);
    const inherited = terms.reduce((sum, term) => sum + term.error, 0);
    const edges = terms.map((term): Edge => [term, 1, 0]);
    return new Value(value, additions(terms.length) * magnitude + inherited, edges);
  }

  add(other: Value): Value {
    return Value.sum([this, other]);
  }

  subtract(other: Value): Value {
    return Value.sum([this, other.negate()]);
  }

  negate(): Value {
    return Value.#from(-this.value, 0, [[this, -1, 0]]);
  }

  multiply(other: Value): Value {
    return Value.#from(this.value * other.value, 1, [
      [this, other.value, other.error],
      [other, this.value, this.error],
    ]);
  }

  divide(other: Value): Value {
    const [a, b] = [this.value, other.value];
    const inverse = Math.abs(1 / b);
    return Value.#from(a / b, 1, [
      [this, 1 / b, inverse + inverse ** 2 * other.error],
      [other, -a / b ** 2, inverse ** 2 * (2 * Math.abs(a) + this.error + 2 * Math.abs(a) * inverse * other.error)],
    ]);
  }

  /** The larger one; of equals, each gets half of the gradient. */
  maximum(other: Value): Value {
    const share = this.value > other.value ? 1 : this.value === other.value ? 0.5 : 0;
    return Value.#from(Math.max(this.value, other.value), 0, [
      [this, share, 0],
      [other, 1 - share, 0],
    ]);
  }

  minimum(other: Value): Value {
    return this.negate().maximum(other.negate()).negate();
  }

  abs(): Value {
    return Value.#from(Math.abs(this.value), 0, [[this, Math.sign(this.value), 0]]);
  }

  sqrt(): Value {
    const y = Math.sqrt(this.value);
    const error = y + (0.5 / y) * this.error;
    return Value.#from(y, 1, [[this, 0.5 / y, 0.5 / y + (0.5 / y ** 2) * error]]);
  }

  // The kernels' exp, log and tanh are within 1.1 ULP, sigmoid within 2.5; an ULP is up to two units.

  exp(): Value {
    const y = Math.exp(this.value);
    return Value.#from(y, 2.2, [[this, y, y * (2.2 + this.error)]]);
  }

  log(): Value {
    const inverse = Math.abs(1 / this.value);
    return Value.#from(Math.log(this.value), 2.2, [[this, 1 / this.value, inverse + inverse ** 2 * this.error]]);
  }

  tanh(): Value {
    const y = Math.tanh(this.value);
    const slope = 1 - y ** 2;
    const error = 2.2 * Math.abs(y) + slope * this.error;
    return Value.#from(y, 2.2, [[this, slope, slope + y ** 2 + 2 * Math.abs(y) * error]]);
  }

  sigmoid(): Value {
    const y = 1 / (1 + Math.exp(-this.value));
    const slope = y * (1 - y);
    const error = 5 * y + slope * this.error;
    return Value.#from(y, 5, [[this, slope, 2 * slope + Math.abs(1 - 2 * y) * error]]);
  }

  relu(): Value {
    return Value.#from(Math.max(this.value, 0), 0, [[this, this.value > 0 ? 1 : 0, 0]]);
  }

  // elu is within 1 ULP, silu within 3.

  elu(): Value {
    const y = this.value > 0 ? this.value : Math.expm1(this.value);
    const roundings = this.value > 0 ? 0 : 2;
    const slope = Math.min(y + 1, 1);
    const error = roundings * Math.abs(y) + slope * this.error;
    return Value.#from(y, roundings, [[this, slope, slope + error]]);
  }

  /** Its slope is made of s = σ(x) within 8 units, s σ(-x) within 13, a product and a sum. */
  silu(): Value {
    const [s, rest] = [1 / (1 + Math.exp(-this.value)), 1 / (1 + Math.exp(this.value))];
    const slope = s + this.value * s * rest;
    const curvature = s * rest * (2 + this.value * (rest - s));
    const error = 8 * s + 14 * Math.abs(this.value * s * rest) + Math.abs(slope) + Math.abs(curvature) * this.error;
    return Value.#from(this.value * s, 6, [[this, slope, error]]);
  }

  clamp(low: number, high: number): Value {
    const inside = this.value >= low && this.value <= high;
    return Value.#from(Math.min(Math.max(this.value, low), high), 0, [[this, inside ? 1 : 0, 0]]);
  }

  /** Takes the derivative of this value with respect to everything that it was computed from. */
  backward(): void {
    const order: Value[] = [];
    const seen = new Set<Value>();
    const pending: [Value, boolean][] = [[this, false]];
    for (let top = pending.pop(); top !== undefined; top = pending.pop()) {
      const [node, isDone] = top;
      if (isDone) order.push(node);
      else if (!seen.has(node)) {
        seen.add(node);
        pending.push([node, true], ...node.#edges.map(([operand]): [Value, boolean] => [operand, false]));
      }
    }
    this.gradient = 1;
    for (const node of order.reverse()) {
      for (const [operand, derivative, error] of node.#edges) {
        const flow = derivative * node.gradient;
        operand.gradient += flow;
        // The product rounds, and so does each addition to what flows here along other ways.
        operand.gradientError +=
          (1 + additions(operand.#uses)) * Math.abs(flow) +
          Math.abs(derivative) * node.gradientError +
          error * Math.abs(node.gradient);
      }
    }
  }
}

/** Rows of values. */
export type Matrix = readonly (readonly Value[])[];

export function matrixOf(values: readonly Value[], columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** x · weight + bias */
export function affine(x: Matrix, weight: Matrix, bias?: readonly Value[]): Matrix {
  return x.map((row) =>
    (weight[0] as Matrix[number]).map((_, column) => {
      const products = row.map((element, inner) => element.multiply(weight[inner]?.[column] as Value));
      return Value.sum(bias === undefined ? products : [bias[column] as Value, ...products]);
    }),
  );
}

/** x - max - log Σ exp(x - max), of one row. */
export function logSoftmax(row: readonly Value[]): Value[] {
  const largest = Value.of(Math.max(...row.map(({ value }) => value)));
  const shifted = row.map((x) => x.subtract(largest));
  const logSum = Value.sum(shifted.map((x) => x.exp())).log();
  return shifted.map((x) => x.subtract(logSum));
}

/** -Σ p log p, of the logarithms of probabilities. */
export function entropy(logProbs: readonly Value[]): Value {
  return Value.sum(logProbs.map((logProb) => logProb.exp().multiply(logProb))).negate();
}

/** Σ -z²/2 - log σ - log √2π over the elements of one action. */
export function gaussianLogProb(mean: readonly Value[], logStd: readonly Value[], action: readonly Value[]): Value {
  const halfLogTwoPi = Value.of(0.5 * Math.log(2 * Math.PI), 1);
  const terms = mean.flatMap((center, index) => {
    const spread = logStd[index] as Value;
    const z = (action[index] as Value).subtract(center).multiply(spread.negate().exp());
    return [z.multiply(z).multiply(Value.of(-0.5)), spread.negate(), halfLogTwoPi.negate()];
  });
  return Value.sum(terms);
}

/** log(1 - tanh² x) */
export function tanhLogSlope(x: Value): Value {
  const magnitude = x.abs();
  const rest = Value.of(1)
    .add(magnitude.multiply(Value.of(-2)).exp())
    .log();
  return Value.sum([Value.of(Math.LN2, 1), magnitude.negate(), rest.negate()]).multiply(Value.of(2));
}

/** Its expectation under a normal, by the trapezoidal rule at 32 nodes; nodes and weights are rounded themselves. */
export function expectedTanhLogSlope(mean: Value, std: Value): Value {
  const nodes = Array.from({ length: 32 }, (_, index) => 0.36 * (index - 15.5));
  const densities = nodes.map((x) => Math.exp((-x * x) / 2));
  const total = densities.reduce((sum, density) => sum + density, 0);
  return Value.sum(
    nodes.map((node, index) => {
      const weight = (densities[index] as number) / total;
      return tanhLogSlope(mean.add(std.multiply(Value.of(node, Math.abs(node))))).multiply(Value.of(weight, weight));
    }),
  );
}
