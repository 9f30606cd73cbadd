// What an environment looks like: a short list of shapes in the units of its world, from which pictures are drawn. It
// says nothing of pixels, and allocates freely: nobody renders while training.

/** Two numbers of the world: x to the right, y upwards. */
export type Point = readonly [x: number, y: number];

/** Where a shape lies and how it is drawn. Its points are its own; they are turned by `angle`, then moved by `at`. */
interface Placed {
  /** Where its own origin is: [0, 0] unless given. */
  readonly at?: Point;
  /** Radians, counter-clockwise: 0 unless given. */
  readonly angle?: number;
}

/** An open or, of one point more than it shows, closed line through points. */
export interface Line extends Placed {
  /** By which shapes are told apart. */
  readonly kind: "line";
  /** From one to the next. */
  readonly points: readonly Point[];
  /** In units of the world; its ends are round. A capsule is a line of two points, twice as wide as its radius. */
  readonly width: number;
  /** As CSS has it: "#1f77b4". */
  readonly color: string;
}

/** An area with straight edges. */
export interface Polygon extends Placed {
  /** By which shapes are told apart. */
  readonly kind: "polygon";
  /** Its corners; the last is joined to the first. */
  readonly points: readonly Point[];
  /** As CSS has it. */
  readonly fill: string;
}

/** A disc around `at`. */
export interface Circle extends Placed {
  /** By which shapes are told apart. */
  readonly kind: "circle";
  /** In units of the world. */
  readonly radius: number;
  /** As CSS has it. */
  readonly fill: string;
}

/** A line of text, its middle at `at`. */
export interface Text extends Placed {
  /** By which shapes are told apart. */
  readonly kind: "text";
  /** What it says. */
  readonly text: string;
  /** The height of its letters in units of the world. */
  readonly size: number;
  /** As CSS has it. */
  readonly color: string;
}

/** Pixels, each a small square of its own; `at` is the lower left corner. */
export interface Image extends Placed {
  /** By which shapes are told apart. */
  readonly kind: "image";
  /** In units of the world. */
  readonly width: number;
  /** In units of the world. */
  readonly height: number;
  /** Pixels of a row. */
  readonly columns: number;
  /** [rows, columns, 3]: red, green and blue, the uppermost row first. */
  readonly pixels: Uint8Array;
}

/** What a scene is made of. */
export type SceneShape = Line | Polygon | Circle | Text | Image;

/**
 * A picture of one moment. From one moment of an episode to the next, the i-th shape is best the same one, moved: then
 * an animation needs to keep no more than where it is.
 */
export interface Scene {
  /** What part of the world is seen. A camera that follows moves it. */
  readonly view: { readonly left: number; readonly bottom: number; readonly right: number; readonly top: number };
  /** What is seen where no shape is: white unless given. */
  readonly background?: string;
  /** The first lies behind all others. */
  readonly shapes: readonly SceneShape[];
}
