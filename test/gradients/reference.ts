// What operators in float64 are written with: each takes its inputs element by element and gives the elements of its
// output.

import { affine, type Matrix, matrixOf, Value } from "./value.ts";

export interface Operand {
  readonly shape: readonly number[];
  readonly values: readonly Value[];
}

export function elementwise(f: (x: Value) => Value): (x: Operand) => readonly Value[] {
  return ({ values }) => values.map(f);
}

/** NumPy's broadcasting of two operands. */
export function broadcasting(f: (a: Value, b: Value) => Value): (a: Operand, b: Operand) => readonly Value[] {
  return (...operands) => {
    const rank = Math.max(...operands.map(({ shape }) => shape.length));
    const padded = ({ shape, values }: Operand): Operand => ({
      values,
      shape: [...new Array<number>(rank - shape.length).fill(1), ...shape],
    });
    const [a, b] = [padded(operands[0]), padded(operands[1])] as const;
    const sizes = a.shape.map((size, axis) => Math.max(size, b.shape[axis] as number));
    const elementAt = (x: Operand, place: readonly number[]) =>
      at(
        x,
        place.map((index, axis) => (x.shape[axis] === 1 ? 0 : index)),
      );
    return placesOf(sizes).map((place) => f(elementAt(a, place), elementAt(b, place)));
  };
}

/** x · weight + bias, each element through an activation. */
export function affineWith(
  activation: (x: Value) => Value,
): (x: Operand, weight: Operand, bias?: Operand) => readonly Value[] {
  return (x, weight, bias) => affine(rowsOf(x), rowsOf(weight), bias?.values).flat().map(activation);
}

export function rowsOf({ shape, values }: Operand): Matrix {
  return matrixOf(values, shape[1] as number);
}

export function columnsOf(x: Operand): Matrix {
  const rows = rowsOf(x);
  return Array.from({ length: x.shape[1] as number }, (_, column) => rows.map((row) => row[column] as Value));
}

/** The places of a shape's elements, in their order: of each its index along every axis. */
export function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

/** The element at a place. */
function at({ shape, values }: Operand, place: readonly number[]): Value {
  return values[place.reduce((index, own, axis) => index * (shape[axis] as number) + own, 0)] as Value;
}

/** Axis i of the result is axis `axes[i]`. */
export function transposed(axes: readonly number[]): (x: Operand) => readonly Value[] {
  return (x) =>
    placesOf(axes.map((axis) => x.shape[axis] as number)).map((place) =>
      at(
        x,
        axes.map((_, axis) => place[axes.indexOf(axis)] as number),
      ),
    );
}

/** The sums along these axes. */
export function sumsAlong(axes: readonly number[]): (x: Operand) => Value[] {
  return (x) => {
    const along = placesOf(x.shape.map((size, axis) => (axes.includes(axis) ? size : 1)));
    const rest = placesOf(x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)));
    const sumFrom = (place: readonly number[]) =>
      Value.sum(
        along.map((step) =>
          at(
            x,
            step.map((index, axis) => index + (place[axis] as number)),
          ),
        ),
      );
    return rest.map(sumFrom);
  };
}

/** The elements between a start and a stop along each axis, which count from the end below 0. */
export function sliced(ranges: readonly (readonly [number, number])[]): (x: Operand) => Value[] {
  return (x) =>
    placesOf(x.shape)
      .filter((place) =>
        ranges.every(([start, stop], axis) => {
          const [index, size] = [place[axis] as number, x.shape[axis] as number];
          return index >= start && index < (stop < 0 ? stop + size : stop);
        }),
      )
      .map((place) => at(x, place));
}

/**
 * Each filter's weights times every patch of the images [batch, height, width, channels], plus its bias, through an
 * activation. Pixels outside of an image are 0.
 */
export function convolved(
  { stride = 1, padding = 0 }: { readonly stride?: number; readonly padding?: number },
  activation: (x: Value) => Value = (x) => x,
): (x: Operand, weight: Operand, bias: Operand) => Value[] {
  return (x, weight, bias) => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const [kernelHeight, kernelWidth, , filters] = weight.shape as [number, number, number, number];
    const positions = (pixels: number, size: number) => Math.floor((pixels + 2 * padding - size) / stride) + 1;
    const within = placesOf([kernelHeight, kernelWidth, channels]);
    return placesOf([batch, positions(height, kernelHeight), positions(width, kernelWidth), filters]).map((place) => {
      const [image, row, column, filter] = place as [number, number, number, number];
      const products = within.flatMap(([down, across, channel]) => {
        const y = row * stride - padding + (down as number);
        const left = column * stride - padding + (across as number);
        if (y < 0 || y >= height || left < 0 || left >= width) return [];
        const pixel = at(x, [image, y, left, channel as number]);
        return [pixel.multiply(at(weight, [down, across, channel, filter] as number[]))];
      });
      return activation(Value.sum([bias.values[filter] as Value, ...products]));
    });
  };
}

/** Each row normalised by its mean and biased variance, times weight, plus bias. */
export function layerNorm(epsilon: number): (x: Operand, weight: Operand, bias: Operand) => Value[] {
  return (x, weight, bias) =>
    rowsOf(x).flatMap((row) => {
      const count = Value.of(row.length);
      const mean = Value.sum(row).divide(count);
      const centered = row.map((element) => element.subtract(mean));
      const variance = Value.sum(centered.map((element) => element.multiply(element))).divide(count);
      const deviation = variance.add(Value.of(epsilon)).sqrt();
      return centered.map((element, column) =>
        element
          .divide(deviation)
          .multiply(weight.values[column] as Value)
          .add(bias.values[column] as Value),
      );
    });
}

/** For each step and each sequence whether an episode begins there. */
export type Starts = readonly (readonly number[])[];

/** Of a recurrent layer what its steps put out, and the states after the last of them. */
interface Recurrence {
  readonly hidden: readonly Value[];
  readonly memory: readonly Value[];
}

/** The states after one step of one sequence, of which the first is put out. */
type Step = (xGates: readonly Value[], states: Matrix) => Matrix;

function recurrent(starts: Starts, xGates: Operand, memory: Operand, size: number, step: Step): Recurrence {
  const states: Matrix[] = rowsOf(memory).map((row) => matrixOf(row, size));
  const rows = rowsOf(xGates);
  const zeros = Array.from({ length: size }, () => Value.of(0));
  const hidden = starts.flatMap((begins, t) =>
    begins.flatMap((start, e) => {
      const before = states[e] as Matrix;
      const after = step(rows[t * begins.length + e] as Matrix[0], start ? before.map(() => zeros) : before);
      states[e] = after;
      return after[0] as Matrix[0];
    }),
  );
  return { hidden, memory: states.flat(2) };
}

/** The gate of index `gate` among those of a row. */
function gateOf(values: readonly Value[], gate: number, size: number): readonly Value[] {
  return values.slice(gate * size, (gate + 1) * size);
}

export function lstm(starts: Starts): (xGates: Operand, weight: Operand, memory: Operand) => Recurrence {
  return (xGates, weight, memory) => {
    const [size] = weight.shape as [number];
    return recurrent(starts, xGates, memory, size, (x, [h, c]) => {
      const gates = affine([h as Matrix[0]], rowsOf(weight), x)[0] as Matrix[0];
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gateOf(gates, gate, size)) as [
        Matrix[0],
        Matrix[0],
        Matrix[0],
        Matrix[0],
      ];
      const cells = (c as Matrix[0]).map((cell, index) => {
        const [input, forget, candidate] = [i[index] as Value, f[index] as Value, g[index] as Value];
        return forget.sigmoid().multiply(cell).add(input.sigmoid().multiply(candidate.tanh()));
      });
      return [cells.map((cell, index) => (o[index] as Value).sigmoid().multiply(cell.tanh())), cells];
    });
  };
}

export function gru(starts: Starts): (xGates: Operand, weight: Operand, bias: Operand, memory: Operand) => Recurrence {
  return (xGates, weight, bias, memory) => {
    const [size] = weight.shape as [number];
    return recurrent(starts, xGates, memory, size, (x, [h]) => {
      const products = affine([h as Matrix[0]], rowsOf(weight), bias.values)[0] as Matrix[0];
      const at = (gates: readonly Value[], gate: number, index: number) => gates[gate * size + index] as Value;
      const hidden = (h as Matrix[0]).map((before, index) => {
        const [r, z] = [0, 1].map((gate) =>
          at(x, gate, index)
            .add(at(products, gate, index))
            .sigmoid(),
        ) as [Value, Value];
        const n = at(x, 2, index)
          .add(r.multiply(at(products, 2, index)))
          .tanh();
        return n.add(z.multiply(before.subtract(n)));
      });
      return [hidden];
    });
  };
}
