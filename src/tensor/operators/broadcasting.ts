// NumPy's broadcasting, reduced to what the kernels know: rows and columns with a stride for each operand. Neighbouring
// axes along which the same operands repeat are one axis to a kernel, so most patterns of any rank come down to two.

import { ShapeError } from "../../base/errors.ts";
import { dataTypes, formatShape, type Shape } from "../../base/spec.ts";

/** The stride of neighbours, in bytes. */
const ELEMENT = dataTypes.float32.bytes;

/** A run of axes along which `a` and `b` each either advance or repeat. */
interface Axis {
  readonly size: number;
  readonly a: boolean;
  readonly b: boolean;
}

interface Broadcast {
  readonly shape: Shape;
  /** rows, columns, then row and column stride of a and of b in bytes: the kernel's sizes. */
  readonly sizes: readonly [number, number, number, number, number, number];
}

/**
 * The shape of two operands' result, and its axes in as few runs as there can be.
 * @throws ShapeError naming the operator and both shapes
 */
export function groupsOf(operator: string, a: Shape, b: Shape): { shape: Shape; groups: Axis[] } {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  const groups: Axis[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1)
      fail(operator, a, b, `do not broadcast: sizes ${sizeA} and ${sizeB} differ`);
    const size = sizeA === 1 ? sizeB : sizeA;
    shape.push(size);
    if (size === 1) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.a === (sizeA !== 1) && last.b === (sizeB !== 1)) {
      groups[groups.length - 1] = { ...last, size: last.size * size };
    } else groups.push({ size, a: sizeA !== 1, b: sizeB !== 1 });
  }
  return { shape, groups };
}

function fail(operator: string, a: Shape, b: Shape, why: string): never {
  throw new ShapeError(`${operator}: ${formatShape(a)} and ${formatShape(b)} ${why}`);
}

/** @throws ShapeError for more than two groups of axes as well */
export function broadcast(operator: string, a: Shape, b: Shape): Broadcast {
  const { shape, groups } = groupsOf(operator, a, b);
  if (groups.length > 2) fail(operator, a, b, "broadcast along more than two groups of axes; reshape them first");
  while (groups.length < 2) groups.unshift({ size: 1, a: false, b: false });
  const [rows, columns] = groups as [Axis, Axis];
  const stride = (row: boolean, column: boolean): [number, number] => [
    row ? (column ? ELEMENT * columns.size : ELEMENT) : 0,
    column ? ELEMENT : 0,
  ];
  return { shape, sizes: [rows.size, columns.size, ...stride(rows.a, columns.a), ...stride(rows.b, columns.b)] };
}

/** A kernel's sizes for two operands of so many elements each, none of them repeated. */
export function unrepeated(size: number): Broadcast["sizes"] {
  return [1, size, 0, ELEMENT, 0, ELEMENT];
}

/** How an operand of shape `from` repeats in `to`: which of rows and columns are its own. */
export function repetition(
  from: Shape,
  to: Shape,
): { rows: number; columns: number; ownRows: boolean; ownColumns: boolean } {
  const axes: { size: number; own: boolean }[] = [];
  for (const [axis, size] of to.entries()) {
    if (size === 1) continue;
    const own = (from[axis - to.length + from.length] ?? 1) !== 1;
    const last = axes.at(-1);
    if (last !== undefined && last.own === own) last.size *= size;
    else axes.push({ size, own });
  }
  while (axes.length < 2) axes.unshift({ size: 1, own: true });
  const [rows, columns] = axes as [{ size: number; own: boolean }, { size: number; own: boolean }];
  return { rows: rows.size, columns: columns.size, ownRows: rows.own, ownColumns: columns.own };
}
