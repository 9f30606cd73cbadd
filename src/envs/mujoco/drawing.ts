// What an environment on MuJoCo looks like: its geoms, drawn flat as they are seen from the side or from above.

import type { Point, Scene, SceneShape } from "../scene.ts";
import type { Physics } from "./physics.ts";
import type { View } from "./tasks.ts";

/** The numbers by which MuJoCo knows its shapes. */
const PLANE = 0;
const SPHERE = 2;
const CYLINDER = 5;

/** Of a body, counted on by bodies; what stands in the world is grey. */
const COLOURS = ["#c8965a", "#b5763c", "#d9ad74", "#8f5b2c", "#e0bd90"] as const;
const FIXED = "#9aa0a6";
const TARGET = "#c0392b";
const GROUND = "#e3e8e3";
const MARK = "#c3ccc3";

/** A picture. */
export function drawn(geoms: ReturnType<Physics["geoms"]>, { from, edges, follows = false, target }: View): Scene {
  const vertical = from === "side" ? 2 : 1;
  const across = follows ? (geoms.bodyPlaces[3] as number) : 0;
  const along = follows && from === "above" ? (geoms.bodyPlaces[4] as number) : 0;
  const view = {
    left: edges[0] + across,
    bottom: edges[1] + along,
    right: edges[2] + across,
    top: edges[3] + along,
  };
  const all = Array.from(geoms.types.keys());
  const links = all.filter((geom) => geoms.types[geom] !== PLANE);
  // From above, the last bodies of a model are what lies on the ground: its targets.
  if (from === "above") links.sort((a, b) => Math.sign(bodyOf(geoms, a)) - Math.sign(bodyOf(geoms, b)) || b - a);
  const shapes = links.map((geom) => link(geoms, geom, vertical, target));
  if (from === "above") return { view, background: GROUND, shapes };
  const planes = all.filter((geom) => geoms.types[geom] === PLANE);
  const grounds = planes.flatMap((geom) => ground(geoms.places[3 * geom + 2] as number, view, follows));
  return { view, shapes: [...grounds, ...shapes] };
}

/** From the side, all that is below a height; with a mark at every metre, by which a body that is followed moves. */
function ground(height: number, { left, right, bottom }: Scene["view"], hasMarks: boolean): SceneShape[] {
  const points: Point[] = [
    [0, 0],
    [right - left, 0],
    [right - left, Math.max(height - bottom, 0)],
    [0, Math.max(height - bottom, 0)],
  ];
  const mark: Point[] = [
    [0, 0],
    [0.5, 0],
    [0.5, -0.05],
    [0, -0.05],
  ];
  const metres = hasMarks ? Math.ceil(right - left) + 1 : 0;
  return [
    { kind: "polygon", at: [left, bottom], points, fill: GROUND },
    ...Array.from({ length: metres }, (_, metre): SceneShape => {
      return { kind: "polygon", at: [Math.floor(left) + metre, height], points: mark, fill: MARK };
    }),
  ];
}

function bodyOf({ bodies }: ReturnType<Physics["geoms"]>, geom: number): number {
  return bodies[geom] as number;
}

function link(geoms: ReturnType<Physics["geoms"]>, geom: number, vertical: number, target?: number): SceneShape {
  const { places, axes, sizes, types } = geoms;
  const at: Point = [places[3 * geom] as number, places[3 * geom + vertical] as number];
  const radius = sizes[3 * geom] as number;
  const body = bodyOf(geoms, geom);
  const color = body === target ? TARGET : body === 0 ? FIXED : (COLOURS[(body - 1) % COLOURS.length] as string);
  const half = types[geom] === SPHERE ? 0 : (sizes[3 * geom + 1] as number);
  // The third column of its axes is the direction in which a capsule lies.
  const reach = [axes[9 * geom + 2], axes[9 * geom + 3 * vertical + 2]].map((part) => (part as number) * half);
  const [x, y] = reach as [number, number];
  if (types[geom] === SPHERE || (types[geom] === CYLINDER && x === 0 && y === 0))
    return { kind: "circle", at, radius, fill: color };
  return {
    kind: "line",
    at,
    points: [
      [-x, -y],
      [x, y],
    ],
    width: 2 * radius,
    color,
  };
}
