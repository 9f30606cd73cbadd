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
const GROUND = "#e3e8e3";

/** A picture. */
export function drawn(geoms: ReturnType<Physics["geoms"]>, { from, edges, follows = false }: View): Scene {
  const vertical = from === "side" ? 2 : 1;
  const across = follows ? (geoms.bodyPlaces[3] as number) : 0;
  const along = follows && from === "above" ? (geoms.bodyPlaces[4] as number) : 0;
  const view = {
    left: edges[0] + across,
    bottom: edges[1] + along,
    right: edges[2] + across,
    top: edges[3] + along,
  };
  const shapes: SceneShape[] = [];
  // The farther a geom is from who looks at it, the earlier it is drawn. It stays so: the order is that of the model,
  // in which links come from near the trunk to its ends.
  for (let geom = 0; geom < geoms.types.length; geom++) {
    const shape = geoms.types[geom] === PLANE ? ground(geoms, geom, view, from) : link(geoms, geom, vertical);
    shapes.push(shape);
  }
  return { view, background: from === "side" ? "#ffffff" : GROUND, shapes };
}

/** From the side all that is below it; from above, where the whole picture is ground, nothing but a shape to count. */
function ground(
  geoms: ReturnType<Physics["geoms"]>,
  geom: number,
  view: Scene["view"],
  from: View["from"],
): SceneShape {
  const { left, right, bottom } = view;
  const top = from === "side" ? Math.max(geoms.places[3 * geom + 2] as number, bottom) : bottom;
  const points: Point[] = [
    [0, 0],
    [right - left, 0],
    [right - left, top - bottom],
    [0, top - bottom],
  ];
  return { kind: "polygon", at: [left, bottom], points, fill: GROUND };
}

function link(geoms: ReturnType<Physics["geoms"]>, geom: number, vertical: number): SceneShape {
  const { places, axes, sizes, types, bodies } = geoms;
  const at: Point = [places[3 * geom] as number, places[3 * geom + vertical] as number];
  const radius = sizes[3 * geom] as number;
  const body = bodies[geom] as number;
  const color = body === 0 ? FIXED : (COLOURS[(body - 1) % COLOURS.length] as string);
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
