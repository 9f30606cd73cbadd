// Operators along any axes, element by element against what NumPy says of the same indices, to the last bit.

import { describe, expect, it } from "vitest";
import { Engine, ShapeError } from "../../src/engine/index.ts";
import {
  add,
  broadcastTo,
  concatenate,
  type DataType,
  float32,
  float64,
  int32,
  mean,
  multiply,
  program,
  type Shape,
  type Spec,
  slice,
  subtract,
  sum,
  type Tensor,
  transpose,
  uint8,
  zeros,
} from "../../src/tensor/index.ts";
import { placesOf } from "../gradients/reference.ts";

const engine = await Engine.create();
const types = [float32, int32, uint8, float64];
const sizeOf = (shape: Shape) => shape.reduce((product, size) => product * size, 1);
/** The element of a tensor that holds its own positions. */
const positionAt = (shape: Shape, place: readonly number[]) =>
  place.reduce((position, index, axis) => position * (shape[axis] as number) + index, 0);

/** What an operator makes of a tensor that holds its own positions, which are exact in every data type. */
function ofPositions<D extends DataType>(spec: Spec<D>, operator: (x: Tensor<D>) => Tensor<D>) {
  const { inputs, outputs, run } = program(engine, { x: spec }, ({ x }) => ({ y: operator(x as Tensor<D>) }));
  inputs.x.set(Array.from({ length: sizeOf(spec.shape) }, (_, index) => index));
  run();
  return { shape: outputs.y.shape, dtype: outputs.y.dtype, values: [...outputs.y.data] };
}

const message = (operator: (x: Tensor) => Tensor, shape: Shape) => {
  const capture = () => program(engine, { x: float32(shape) }, ({ x }) => ({ y: operator(x) }));
  expect(capture).toThrow(ShapeError);
  try {
    capture();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

/** All orders of so many axes. */
function orders(rank: number): number[][] {
  if (rank === 0) return [[]];
  return orders(rank - 1).flatMap((order) =>
    Array.from({ length: rank }, (_, place) => [...order.slice(0, place), rank - 1, ...order.slice(place)]),
  );
}

describe("transpose", () => {
  const shapes = [[], [3], [2, 3], [1, 3], [2, 3, 4], [3, 1, 2], [2, 0, 3], [2, 3, 1, 4], [2, 1, 3, 2, 2]];

  it.each(shapes.map((shape) => ({ shape })))("of $shape puts every element where NumPy does", ({ shape }) => {
    for (const order of orders(shape.length)) {
      const sizes = order.map((axis) => shape[axis] as number);
      const values = placesOf(sizes).map((place) =>
        positionAt(
          shape,
          order.map((_, axis) => place[order.indexOf(axis)] as number),
        ),
      );
      for (const make of types) {
        const spec = make(shape);
        expect(ofPositions<DataType>(spec, (x) => transpose(x, order))).toEqual({
          ...{ shape: sizes, dtype: spec.dtype, values },
        });
      }
      const counted = order.map((axis) => axis - shape.length);
      expect(ofPositions(float32(shape), (x) => transpose(x, counted)).values).toEqual(values);
    }
  });

  it("reverses the axes unless said", () => {
    const { shape, values } = ofPositions(float32([2, 3, 2]), (x) => transpose(x));
    expect([shape, values]).toEqual([
      [2, 3, 2],
      [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11],
    ]);
  });

  it("copies nothing where only axes of size 1 move", () => {
    const moved = program(engine, { x: float32([1, 3, 1, 2]) }, ({ x }) => ({ y: transpose(x, [1, 0, 3, 2]) }));
    expect(moved.calls).toEqual([]);
    expect(moved.outputs.y.shape).toEqual([3, 1, 2, 1]);
  });

  it("says which axes are not those of a tensor", () => {
    expect([
      message((x) => transpose(x, [0, 2]), [2, 3]),
      message((x) => transpose(x, [-3, 0]), [2, 3]),
      message((x) => transpose(x, [1, -1]), [2, 3]),
      message((x) => transpose(x, [1]), [2, 3]),
      message((x) => transpose(x, [0.5, 1]), [2, 3]),
      message((x) => transpose(x, [0]), []),
    ]).toEqual([
      "transpose: axis 2 of [2, 3]; it has to be from -2 to 1",
      "transpose: axis -3 of [2, 3]; it has to be from -2 to 1",
      "transpose: axis -1 of [2, 3] is there twice",
      "transpose: axes [1] of [2, 3]; they have to be all 2 of them",
      "transpose: axis 0.5 of [2, 3]; it has to be from -2 to 1",
      "transpose: axis 0 of []; a scalar has none",
    ]);
  });
});

/** All sets of so many axes, each in ascending order. */
function sets(rank: number): number[][] {
  if (rank === 0) return [[]];
  return sets(rank - 1).flatMap((set) => [set, [...set, rank - 1]]);
}

describe("sum and mean", () => {
  const shapes = [[3], [2, 3], [2, 1, 3], [2, 3, 4], [2, 0, 3], [3, 2, 1, 4], [2, 3, 2, 3, 2]];

  it.each(shapes.map((shape) => ({ shape })))("of $shape along any axes are those of NumPy", ({ shape }) => {
    for (const axes of sets(shape.length)) {
      const rest = [...shape.keys()].filter((axis) => !axes.includes(axis));
      const sizes = rest.map((axis) => shape[axis] as number);
      const along = placesOf(axes.map((axis) => shape[axis] as number));
      // Whole numbers: every order of additions gives the same.
      const sums = placesOf(sizes).map((place) => {
        const positions = along.map((steps) => {
          const at = shape.map((_, axis) =>
            axes.includes(axis) ? steps[axes.indexOf(axis)] : place[rest.indexOf(axis)],
          );
          return positionAt(shape, at as number[]);
        });
        return positions.reduce((total, position) => total + position, 0);
      });
      const means = sums.map((total) => Math.fround(total / along.length));
      for (const given of [axes, axes.map((axis) => axis - shape.length), [...axes].reverse()]) {
        const total = ofPositions(float32(shape), (x) => sum(x, given));
        expect(total).toEqual({ shape: sizes, dtype: "float32", values: sums });
        expect(ofPositions(float32(shape), (x) => mean(x, given)).values).toEqual(means);
      }
      const [axis] = axes;
      if (axes.length === 1) expect(ofPositions(float32(shape), (x) => sum(x, axis)).values).toEqual(sums);
    }
  });

  it("of a scalar along no axes are the scalar, and the mean of nothing is NaN", () => {
    expect(ofPositions(float32([]), (x) => sum(add(x, 3), [])).values).toEqual([3]);
    expect(ofPositions(float32([2, 0]), (x) => mean(x, 1)).values).toEqual([Number.NaN, Number.NaN]);
    expect(ofPositions(float32([0, 2]), (x) => mean(x, 1))).toEqual({ shape: [0], dtype: "float32", values: [] });
  });

  it("along an axis between others are exact where float32 accumulators would not be", () => {
    const { inputs, outputs, run } = program(engine, { x: float32([2, 30_000, 3]) }, ({ x }) => ({
      ...{ total: sum(x, 1), average: mean(x, 1) },
    }));
    inputs.x.data.fill(0.1);
    run();
    const tenth = Math.fround(0.1);
    // A block of 64 in float32 is off by 63 roundings, and each of the two results by one more.
    const bound = 65 * 2 ** -24;
    for (const total of outputs.total.data) expect(Math.abs(total / (30_000 * tenth) - 1)).toBeLessThan(bound);
    for (const average of outputs.average.data) expect(Math.abs(average / tenth - 1)).toBeLessThan(bound + 2 ** -24);
  });

  it("call no other kernels than before where rows or columns of a matrix are summed", () => {
    const { calls } = program(engine, { x: float32([4, 3]) }, ({ x }) => ({
      ...{ rows: sum(x, 0), columns: sum(x, 1), all: sum(x), both: sum(x, [0, 1]), average: mean(x) },
    }));
    expect(calls.map(({ kernel }) => kernel)).toEqual(["sumRows", "sumColumns", "sum", "sum", "mean"]);
  });

  it("say which axes are not those of a tensor", () => {
    expect([
      message((x) => sum(x, 2), [2, 3]),
      message((x) => mean(x, -3), [2, 3]),
      message((x) => sum(x, [1, -1]), [2, 3]),
      message((x) => mean(x, [0, Number.NaN]), [2, 3]),
      message((x) => sum(x, 0), []),
    ]).toEqual([
      "sum: axis 2 of [2, 3]; it has to be from -2 to 1",
      "mean: axis -3 of [2, 3]; it has to be from -2 to 1",
      "sum: axis -1 of [2, 3] is there twice",
      "mean: axis NaN of [2, 3]; it has to be from -2 to 1",
      "sum: axis 0 of []; a scalar has none",
    ]);
  });
});

describe("slice", () => {
  const parts = [
    { shape: [5], ranges: [[1, 4]], text: "x[1:4]" },
    { shape: [4, 3], ranges: [[1, 3]], text: "x[1:3]" },
    { shape: [4, 3], ranges: [[], [1, 2]], text: "x[:, 1:2]" },
    { shape: [4, 3], ranges: [[-3, -1], [-2]], text: "x[-3:-1, -2:]" },
    { shape: [3, 4, 5], ranges: [[1], [], [0, 4]], text: "x[1:, :, 0:4]" },
    { shape: [3, 4, 5], ranges: [[], [2, 4], []], text: "x[:, 2:4, :]" },
    { shape: [2, 3, 2, 3, 4], ranges: [[1, 2], [0, 2], [], [1], [1, 3]], text: "x[1:2, 0:2, :, 1:, 1:3]" },
    { shape: [3, 4], ranges: [[], [2, 2]], text: "x[:, 2:2]" },
    { shape: [0, 4], ranges: [[], [1, 3]], text: "x[:, 1:3]" },
    { shape: [3, 4], ranges: [], text: "x[:]" },
    { shape: [], ranges: [], text: "x[()]" },
  ] as { shape: number[]; ranges: [number?, number?][]; text: string }[];

  it.each(parts)("of $shape as $text has the elements of NumPy, of any data type", ({ shape, ranges }) => {
    const indices = shape.map((size, axis) =>
      Array.from({ length: size }, (_, index) => index).slice(...(ranges[axis] ?? [])),
    );
    const sizes = indices.map(({ length }) => length);
    const values = placesOf(sizes).map((place) =>
      positionAt(
        shape,
        place.map((index, axis) => indices[axis]?.[index] as number),
      ),
    );
    for (const make of types) {
      const spec = make(shape);
      expect(ofPositions<DataType>(spec, (x) => slice(x, ranges))).toEqual({ shape: sizes, dtype: spec.dtype, values });
    }
  });

  it("says which range is not one of an axis", () => {
    const shapes = [[[0, 4]], [[], [-3, 1]], [[2, 1]], [[0.5]], [[], [], [0, 1]], [[], [0, Number.NaN]]];
    expect(shapes.map((ranges) => message((x) => slice(x, ranges as [number?, number?][]), [3, 2]))).toEqual([
      "slice: [0, 4] along axis 0 of [3, 2]; it has to be from -3 to 3, in ascending order",
      "slice: [-3, 1] along axis 1 of [3, 2]; it has to be from -2 to 2, in ascending order",
      "slice: [2, 1] along axis 0 of [3, 2]; it has to be from -3 to 3, in ascending order",
      "slice: [0.5] along axis 0 of [3, 2]; it has to be from -3 to 3, in ascending order",
      "slice: 3 ranges of [3, 2], which has 2 axes",
      "slice: [0, NaN] along axis 1 of [3, 2]; it has to be from -2 to 2, in ascending order",
    ]);
  });
});

describe("concatenate", () => {
  const joints = [
    { shapes: [[2], [3]], axis: 0 },
    {
      shapes: [
        [2, 3],
        [1, 3],
        [4, 3],
      ],
      axis: 0,
    },
    {
      shapes: [
        [2, 3],
        [2, 1],
      ],
      axis: 1,
    },
    {
      shapes: [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      axis: -1,
    },
    {
      shapes: [
        [2, 1, 3, 2],
        [2, 4, 3, 2],
      ],
      axis: 1,
    },
    {
      shapes: [
        [2, 3, 1, 2, 2],
        [2, 3, 3, 2, 2],
      ],
      axis: -3,
    },
    {
      shapes: [
        [2, 0],
        [2, 3],
        [2, 0],
      ],
      axis: 1,
    },
    {
      shapes: [
        [0, 2],
        [0, 3],
      ],
      axis: 1,
    },
    { shapes: [[3, 2]], axis: 0 },
  ];

  it.each(joints)("of $shapes along axis $axis has the elements of NumPy, of any data type", ({ shapes, axis }) => {
    const [first] = shapes as [number[]];
    const along = axis < 0 ? axis + first.length : axis;
    // Which tensor, and which index of it, there is at each index along the axis.
    const origins = shapes.flatMap((shape, tensor) =>
      Array.from({ length: shape[along] as number }, (_, index) => ({ tensor, index })),
    );
    const sizes = first.map((size, index) => (index === along ? origins.length : size));
    const values = placesOf(sizes).map((place) => {
      const { tensor, index } = origins[place[along] as number] as (typeof origins)[number];
      return 50 * tensor + positionAt(shapes[tensor] as number[], place.toSpliced(along, 1, index));
    });
    for (const make of types) {
      const specs = Object.fromEntries(shapes.map((shape, tensor) => [`x${tensor}`, make(shape)]));
      const { inputs, outputs, run } = program(engine, specs, (given) => ({
        y: concatenate<DataType>(Object.values(given), axis),
      }));
      for (const [tensor, x] of Object.values(inputs).entries())
        x.set(Array.from({ length: x.size }, (_, index) => 50 * tensor + index));
      run();
      run();
      expect([outputs.y.shape, outputs.y.dtype, [...outputs.y.data]]).toEqual([sizes, make().dtype, values]);
    }
  });

  it("leaves its operands alone, and its result to one place", () => {
    const { inputs, outputs, run } = program(engine, { x: float32([2]) }, ({ x }) => {
      const doubled = add(x, x);
      return { y: concatenate([doubled, x, doubled]), doubled, again: concatenate([x, x]) };
    });
    inputs.x.set([1, 2]);
    run();
    expect([...inputs.x.data]).toEqual([1, 2]);
    expect([...outputs.doubled.data]).toEqual([2, 4]);
    expect([...outputs.y.data]).toEqual([2, 4, 1, 2, 2, 4]);
    expect([...outputs.again.data]).toEqual([1, 2, 1, 2]);
  });

  it("says what does not fit", () => {
    const other = (spec: Spec) => (x: Tensor) => concatenate<DataType>([x, zeros(engine, spec)], 1) as Tensor;
    expect([
      message(other(float32([3, 3])), [2, 3]),
      message(other(float32([2])), [2, 3]),
      message(other(float32([2, 3, 1])), [2, 3]),
      message(other(int32([2, 3])), [2, 3]),
      message((x) => concatenate([x], 2), [2, 3]),
      message((x) => concatenate([x, x]), []),
      message(() => concatenate([]), [2, 3]),
    ]).toEqual([
      "concatenate: [2, 3] and [3, 3] along axis 1 do not fit",
      "concatenate: [2, 3] and [2] along axis 1 do not fit",
      "concatenate: [2, 3] and [2, 3, 1] along axis 1 do not fit",
      "concatenate: [2, 3] and int32 [2, 3] along axis 1 do not fit",
      "concatenate: axis 2 of [2, 3]; it has to be from -2 to 1",
      "concatenate: axis 0 of []; a scalar has none",
      "concatenate: no tensors; there has to be one at least",
    ]);
  });
});

/** All shapes of so many axes whose sizes are these or 1. */
function repeatable(sizes: Shape): number[][] {
  return sets(sizes.length).map((kept) => sizes.map((size, axis) => (kept.includes(axis) ? size : 1)));
}

describe("broadcasting", () => {
  /** The position of the element that an operand has at a place of the result. */
  const repeatedAt = (shape: Shape, place: readonly number[]) => {
    const own = place.slice(place.length - shape.length);
    return positionAt(
      shape,
      own.map((index, axis) => (shape[axis] === 1 ? 0 : index)),
    );
  };

  it.each([{ sizes: [2, 3] }, { sizes: [2, 3, 4] }, { sizes: [2, 0, 3] }, { sizes: [2, 3, 2, 3] }])(
    "repeats two operands to $sizes along any axes",
    ({ sizes }) => {
      for (const a of repeatable(sizes)) {
        for (const whole of repeatable(sizes)) {
          // Axes of size 1 in front need not be there.
          const b = whole.slice(whole.findIndex((size) => size !== 1));
          const { inputs, outputs, run } = program(engine, { a: float32(a), b: float32(b) }, (given) => ({
            y: subtract(multiply(given.a, 100), given.b),
          }));
          for (const x of Object.values(inputs)) x.set(Array.from({ length: x.size }, (_, index) => index));
          run();
          const shape = a.map((size, axis) => (size === 1 ? (whole[axis] as number) : size));
          const values = placesOf(shape).map((place) => 100 * repeatedAt(a, place) - repeatedAt(b, place));
          expect([outputs.y.shape, [...outputs.y.data]]).toEqual([shape, values]);
        }
      }
    },
  );

  it("is one call along rows and columns, and writes out what would take more", () => {
    const kernels = (a: Shape, b: Shape) =>
      program(engine, { a: float32(a), b: float32(b) }, (given) => ({ y: add(given.a, given.b) })).calls.map(
        ({ kernel }) => kernel,
      );
    expect(kernels([2, 3], [3])).toEqual(["add"]);
    expect(kernels([2, 3, 4, 5], [2, 3, 1, 1])).toEqual(["add"]);
    expect(kernels([2, 3, 4], [2, 1, 4])).toEqual(["copyStrided", "add"]);
    expect(kernels([2, 1, 4], [1, 3, 1])).toEqual(["copyStrided", "copyStrided", "add"]);
  });

  it("broadcastTo repeats one operand", () => {
    for (const sizes of [[], [3], [2, 3, 4], [2, 0, 3], [2, 3, 2, 2, 2]]) {
      for (const shape of repeatable(sizes)) {
        const values = placesOf(sizes).map((place) => repeatedAt(shape, place));
        const expected = { shape: sizes, dtype: "float32", values };
        expect(ofPositions(float32(shape), (x) => broadcastTo(x, sizes))).toEqual(expected);
      }
    }
    expect(ofPositions(float32([2]), (x) => broadcastTo(x, [3, 2])).values).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it("says which shapes do not go together", () => {
    expect([
      message((x) => subtract(x, zeros(engine, float32([2, 3, 4]))), [2, 1, 3]),
      message((x) => broadcastTo(x, [3]), [2]),
      message((x) => broadcastTo(x, [1, 3]), [2, 1]),
      message((x) => broadcastTo(x, [2]), [2, 2]),
    ]).toEqual([
      "subtract: [2, 1, 3] and [2, 3, 4] do not broadcast: sizes 3 and 4 differ",
      "broadcastTo: [2] and [3] do not broadcast: sizes 2 and 3 differ",
      "broadcastTo: [2, 1] becomes [2, 3], not [1, 3]",
      "broadcastTo: [2, 2] becomes [2, 2], not [2]",
    ]);
  });
});
