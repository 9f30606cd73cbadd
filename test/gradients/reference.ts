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
