// Bodies as shapes of a scene.

import type { Point, Polygon } from "../scene.ts";
import type { Body } from "./planck.ts";

/** A polygon with these corners, where a body is and turned as it is. */
export function drawn(body: Body, points: readonly Point[], fill: string): Polygon {
  const { x, y } = body.getPosition();
  return { kind: "polygon", points, fill, at: [x, y], angle: body.getAngle() };
}
