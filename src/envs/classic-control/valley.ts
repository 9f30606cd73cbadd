// What both mountain cars look like: a valley, a flag on the hill to the right, and a car.

import type { Kernels } from "../../engine/index.ts";
import type { Point, Scene } from "../scene.ts";

const LEFT = -1.2;
const RIGHT = 0.6;
/** Lines that the ground is drawn by. */
const PIECES = 90;
const WHEEL = 0.028;

/** @param position of the car @param goal where the flag stands */
export function valleyScene({ sin, cos }: Pick<Kernels, "sin" | "cos">, position: number, goal: number): Scene {
  const ground = (x: number): Point => [x, sin(3 * x) * 0.45 + 0.55];
  const line = Array.from({ length: PIECES + 1 }, (_, index) => ground(LEFT + ((RIGHT - LEFT) * index) / PIECES));
  // As Gymnasium leans it: nearly the angle of the slope, whose tangent is 1.35 times as much.
  const angle = cos(3 * position);
  const [x, y] = ground(position);
  /** A place on the car, which stands on the ground. */
  const onCar = (along: number, above: number): Point => [
    x + along * cos(angle) - above * sin(angle),
    y + along * sin(angle) + above * cos(angle),
  ];
  const flag = ground(goal);
  return {
    view: { left: LEFT, bottom: -0.05, right: RIGHT, top: 1.3 },
    background: "#eaf2f8",
    shapes: [
      { kind: "polygon", points: [[LEFT, -0.05], ...line, [RIGHT, -0.05]], fill: "#c3d5b4" },
      { kind: "line", points: line, width: 0.012, color: "#5f7f4f" },
      {
        kind: "line",
        at: flag,
        points: [
          [0, 0],
          [0, 0.18],
        ],
        width: 0.01,
        color: "#334e68",
      },
      {
        kind: "polygon",
        at: flag,
        points: [
          [0.005, 0.18],
          [0.005, 0.11],
          [0.09, 0.145],
        ],
        fill: "#d64545",
      },
      {
        kind: "polygon",
        at: onCar(0, WHEEL),
        angle,
        points: [
          [-0.075, 0],
          [-0.07, 0.04],
          [-0.035, 0.045],
          [-0.02, 0.08],
          [0.03, 0.08],
          [0.045, 0.045],
          [0.075, 0.035],
          [0.075, 0],
        ],
        fill: "#334e68",
      },
      { kind: "circle", at: onCar(-0.042, WHEEL), radius: WHEEL, fill: "#829ab1" },
      { kind: "circle", at: onCar(0.042, WHEEL), radius: WHEEL, fill: "#829ab1" },
    ],
  };
}
