// Animations hold every scene: each is played, by a reader of this folder and by the browser that a test runs in, and
// held against where the shapes of that scene lie.

import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/base/errors.ts";
import type { Point, Scene, SceneShape } from "../../src/index.ts";
import { animationSVG } from "../../src/render/index.ts";
import { playedAt, shownAt } from "./played.ts";
import { expectWellFormed } from "./xml.ts";

/** Numbers from 0 to 1 that are the same each time (Numerical Recipes' generator). */
function numbers() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const view = { left: -2, bottom: -1, right: 2, top: 1 };
const circle = (x: number, y = 0): SceneShape => ({ kind: "circle", at: [x, y], radius: 0.1, fill: "red" });
const scenesOf = (shapes: readonly (readonly SceneShape[])[]): Scene[] => shapes.map((shapes) => ({ view, shapes }));

/** Where the first and the last point of a shape lie in a picture 600 wide. */
function expectedPoints({ view }: Scene, shape: SceneShape): readonly Point[] {
  const scale = 600 / (view.right - view.left);
  const [x, y] = shape.at ?? [0, 0];
  const [cosine, sine] = [Math.cos(shape.angle ?? 0), Math.sin(shape.angle ?? 0)];
  const own = shape.kind === "line" || shape.kind === "polygon" ? shape.points : [[0, 0] as const];
  // An area ends where it began.
  const ends = [own[0], shape.kind === "polygon" ? own[0] : own.at(-1)] as [Point, Point];
  return ends.map(([px, py]) => [
    (x + cosine * px - sine * py - view.left) * scale,
    (view.top - (y + sine * px + cosine * py)) * scale,
  ]);
}

/**
 * A tenth of a pixel and of a degree, rounded, for the place, its own points and the camera, of which the angle moves
 * what is 150 pixels away the most; four digits of a zoom, of what is 3000 away.
 */
const TOLERANCE = 3 * 0.05 + (0.05 * Math.PI * 150) / 180 + 3000 * 0.00005;

function expectScene(scene: Scene, seen: readonly { name: string; points: readonly Point[] }[], what: string): void {
  const tags = { line: "path", polygon: "path", circle: "circle", text: "text", image: "" };
  expect(
    seen.map(({ name }) => name),
    what,
  ).toEqual(scene.shapes.map(({ kind }) => tags[kind]));
  for (const [index, shape] of scene.shapes.entries())
    for (const [end, [x, y]] of expectedPoints(scene, shape).entries()) {
      const [seenX, seenY] = (seen[index] as { points: readonly Point[] }).points[end] as Point;
      expect(Math.max(Math.abs(seenX - x), Math.abs(seenY - y)), `${what}, shape ${index}`).toBeLessThan(TOLERANCE);
    }
}

/** Shapes that swing, spin, grow and change; `move` is where the camera goes, `zoom` how far away. */
function lively(frames: number, move: number, zoom: number): Scene[] {
  const random = numbers();
  const phases = Array.from({ length: 6 }, () => 6 * random());
  return Array.from({ length: frames }, (_, t) => {
    const wave = (index: number) => Math.sin(t / 5 + (phases[index] as number));
    const [x, size] = [move * t, 1 + zoom * t];
    const shapes: SceneShape[] = [
      { kind: "line", points: [[-4, 0] as const, [18, 0] as const], width: 0.02, color: "#9aa5b1" },
      {
        ...{ kind: "line", at: [x, 0.2 * wave(0)], angle: 0.6 * t, width: 0.1, color: "#123" },
        points: [
          [-0.4, 0],
          [0.4, 0],
        ],
      },
      {
        ...{ kind: "polygon", at: [x + wave(1), 0.1], angle: wave(2), fill: t % 7 < 3 ? "#aaa" : "#bbb" },
        points: [
          [0, 0],
          [0.5, 0.1 * wave(3)],
          [0.2, 0.4],
        ],
      },
      { kind: "circle", at: [x - 0.5, wave(4) / 2], radius: 0.1 + 0.05 * wave(5), fill: "#00f" },
      { kind: "text", at: [x, 0.8], text: "score", size: 0.2 + 0.01 * t, color: "#000" },
    ];
    const seen = { left: x - 2 * size, right: x + 2 * size, bottom: -size, top: size };
    return { view: seen, shapes };
  });
}

describe.each([
  ["a camera that stands still", lively(40, 0, 0)],
  ["one that follows", lively(40, 0.35, 0)],
  ["one that goes away", lively(40, 0.1, 0.02)],
])("of %s", (_, scenes) => {
  const svg = animationSVG(scenes, { framesPerSecond: 20 });

  it("shows every scene at its time", () => {
    expectWellFormed(svg);
    for (const [index, scene] of scenes.entries()) expectScene(scene, playedAt(svg, index / 20), `scene ${index}`);
  });

  it.skipIf(typeof document === "undefined")("shows them in this browser", () => {
    for (const [index, scene] of scenes.entries()) expectScene(scene, shownAt(svg, index / 20), `scene ${index}`);
  });
});

it("shows what is between two scenes between them", () => {
  const svg = animationSVG(lively(40, 0.35, 0), { framesPerSecond: 20 });
  const [before, between, after] = [4, 4.5, 5].map((frame) => playedAt(svg, frame / 20)[3]?.points[0] as Point);
  for (const axis of [0, 1] as const)
    expect(between?.[axis]).toBeCloseTo(((before?.[axis] as number) + (after?.[axis] as number)) / 2, 6);
});

it("moves what stands nearly still past a camera that goes by", () => {
  const scenes = Array.from({ length: 30 }, (_, t): Scene => {
    const seen = { ...view, left: 0.05 * t - 2, right: 0.05 * t + 2 };
    return { view: seen, shapes: [circle(t < 3 ? 0 : 0.05)] };
  });
  const svg = animationSVG(scenes, { framesPerSecond: 20 });
  for (const [index, scene] of scenes.entries()) expectScene(scene, playedAt(svg, index / 20), `scene ${index}`);
});

describe("what comes, goes and becomes something else", () => {
  const text = (say: string, x: number): SceneShape => ({
    kind: "text",
    at: [x, 0],
    text: say,
    size: 0.2,
    color: "#000",
  });
  const line = (...points: Point[]): SceneShape => ({ kind: "line", points, width: 0.1, color: "#000" });
  const scenes = scenesOf([
    [circle(0)],
    [circle(0.1), text("1", 0)],
    [text("1", 0.5)],
    [text("2", 0.5), circle(-1)],
    [],
    [line([0, 0], [1, 1]), circle(1)],
    [line([0, 0], [1, 1], [0, 1]), circle(1)],
    [circle(1), line([0, 0], [0, 1])],
  ]);

  it.each([5, 20])("is there when it is, at %i scenes a second", (framesPerSecond) => {
    const svg = animationSVG(scenes, { framesPerSecond });
    expectWellFormed(svg);
    for (const [index, { shapes }] of scenes.entries()) {
      const seconds = (index + 0.25) / framesPerSecond;
      const texts = shapes.map((shape) => (shape.kind === "text" ? shape.text : ""));
      const kinds = shapes.map(({ kind }) => (kind === "line" ? "path" : kind));
      const played = playedAt(svg, seconds);
      expect([played.map(({ name }) => name), played.map(({ text }) => text)]).toEqual([kinds, texts]);
      if (typeof document !== "undefined") {
        const shown = shownAt(svg, seconds);
        expect([shown.map(({ name }) => name), shown.map(({ text }) => text)]).toEqual([kinds, texts]);
      }
    }
  });

  it("jumps from place to place below ten scenes a second", () => {
    const svg = animationSVG(scenesOf([[circle(0)], [circle(0.1)], [circle(0.2)]]), { framesPerSecond: 9 });
    expect(playedAt(svg, 0.9 / 9)[0]?.points[0]).toEqual([300, 150]);
    expect(playedAt(svg, 1.1 / 9)[0]?.points[0]).toEqual([315, 150]);
    const many = scenesOf(Array.from({ length: 60 }, (_, t) => [circle(t / 50)]));
    expect(playedAt(animationSVG(many, { framesPerSecond: 9 }), 58.95 / 9)[0]?.points[0]).toEqual([474, 150]);
  });

  it("leaps over more than a quarter of the picture, and goes on its way below", () => {
    const halfway = (...xs: number[]) =>
      playedAt(animationSVG(scenesOf(xs.map((x) => [circle(x)])), { framesPerSecond: 20 }), 0.5 / 20)[0]
        ?.points[0]?.[0];
    expect(halfway(0, 1)).toBeCloseTo(375, 1);
    expect(halfway(0, 1.01)).toBe(300);
    expect(halfway(0, 0.1, -1)).toBe(300);
  });

  it("does not leap where it was put elsewhere unseen", () => {
    const svg = animationSVG(scenesOf([[circle(-1.5)], [circle(-1.4)], [], [circle(1.5)], [circle(1.4)]]), {
      framesPerSecond: 20,
    });
    expect(playedAt(svg, 0.5 / 20)[0]?.points[0]?.[0]).toBeCloseTo(82.5, 1);
    expect(playedAt(svg, 3.5 / 20)[0]?.points[0]?.[0]).toBeCloseTo(517.5, 1);
  });

  it("turns the shorter way, and jumps by more than a right angle", () => {
    const turned = (...angles: number[]) => {
      const pole = (angle: number): SceneShape => ({ ...(line([0, 0], [1, 0]) as SceneShape), angle });
      const svg = animationSVG(scenesOf(angles.map((angle) => [pole(angle)])), { framesPerSecond: 20 });
      return playedAt(svg, 0.5 / 20)[0]?.points[1]?.map((value) => Math.round(value));
    };
    // From 170 degrees to -170, which is 190: over 180.
    expect(turned((170 * Math.PI) / 180, (-170 * Math.PI) / 180)).toEqual([150, 150]);
    expect(turned(0, Math.PI / 2)).toEqual([406, 44]);
    expect(turned(0, 1.6)).toEqual([450, 150]);
  });

  it("has the colours of its time", () => {
    const colors = ["red", "red", "blue", "green", "green"];
    const shapes = colors.map((fill): SceneShape[] => [{ kind: "circle", radius: 0.1, fill }]);
    const scenes = scenesOf(shapes).map((scene, index) => ({ ...scene, background: colors[4 - index] as string }));
    const svg = animationSVG(scenes, { framesPerSecond: 20 });
    expect(colors.map((_, index) => playedAt(svg, (index + 0.5) / 20)[0]?.attributes.fill)).toEqual(colors);
    expect(svg).toMatch(/<rect [^>]*fill="green"><animate attributeName="fill" calcMode="discrete"/);
  });
});

describe("images", () => {
  /** The colour of each pixel at a time: red where it is 1, and so on. */
  function pixelsAt(svg: string, seconds: number, columns: number, rows: number): (string | undefined)[] {
    const ground = /<rect y="-.5"[^>]*fill="([^"]*)"/.exec(svg)?.[1];
    const pixels = new Array<string | undefined>(columns * rows).fill(ground);
    for (const { attributes } of playedAt(svg, seconds))
      for (const [, x, y, length] of attributes.d?.matchAll(/M(\d+) (\d+)h(\d+)/g) ?? [])
        pixels.fill(
          attributes.stroke,
          Number(y) * columns + Number(x),
          Number(y) * columns + Number(x) + Number(length),
        );
    return pixels;
  }

  const colors = ["#000000", "#ff0000", "#00ff00", "#0000fe"];
  const imageOf = (codes: readonly number[], columns: number): SceneShape => ({
    ...{ kind: "image", width: 4, height: 2, at: [-2, -1], columns },
    pixels: Uint8Array.from(
      codes.flatMap((code) => [1, 3, 5].map((at) => Number.parseInt((colors[code] as string).slice(at, at + 2), 16))),
    ),
  });

  it.each([
    [10, 10, 0.02],
    [40, 30, 0.002],
  ])("of %i x %i pixels are those of their time", (columns, rows, change) => {
    const random = numbers();
    const codes = Array.from({ length: columns * rows }, () => Math.max(0, Math.floor(random() * 8) - 4));
    const boards = Array.from({ length: 30 }, () => {
      for (const index of codes.keys()) if (random() < change) codes[index] = Math.floor(random() * 4);
      return [...codes];
    });
    const svg = animationSVG(scenesOf(boards.map((codes) => [imageOf(codes, columns)])), { framesPerSecond: 15 });
    expectWellFormed(svg);
    for (const [index, codes] of boards.entries())
      expect(pixelsAt(svg, (index + 0.95) / 15, columns, rows)).toEqual(codes.map((code) => colors[code]));
  });

  it("lie where they are, whole", () => {
    const [first, second] = [
      [0, 1, 2, 3, 0, 0],
      [0, 0, 2, 3, 1, 0],
    ].map((codes) => imageOf(codes, 3));
    const svg = animationSVG(scenesOf([[first as SceneShape], [second as SceneShape]]), { framesPerSecond: 20 });
    // A pixel is 200 wide and 150 high; a run begins in the middle of its left edge.
    const played = playedAt(svg, 0).filter(({ attributes }) => attributes.stroke === colors[2]);
    expect(played.map(({ points }) => points[0])).toEqual([[400, 75]]);
  });
});

describe("the file", () => {
  const falling = (count: number) => scenesOf(Array.from({ length: count }, (_, t) => [circle(t / 500)]));

  it.each([
    // Scenes, their rate, and how many of them are seen; 0.8 seconds of the last.
    [100, 20, 100, 16],
    [100, 30, 100, 24],
    [100, 50, 51, 20],
    [101, 50, 51, 20],
    [101, 125, 21, 20],
  ])("has of %i scenes at %i a second %i, and the last for a while", (count, framesPerSecond, seen, rest) => {
    const every = Math.ceil(framesPerSecond / 30);
    const svg = animationSVG(falling(count), { framesPerSecond });
    const [, dur, values] = /type="translate" dur="([\d.]+)s"[^>]* values="([^"]*)"/.exec(svg) ?? [];
    expect(new Set(values?.split(";")).size).toBe(seen);
    expect(playedAt(svg, Number(dur) - (rest * every) / framesPerSecond + 0.01)).toEqual(
      playedAt(svg, Number(dur) - 0.01),
    );
    expect(Number(dur)).toBeCloseTo(((seen + rest - 1) * every) / framesPerSecond, 3);
  });

  it("keeps what changes now and then by its times alone", () => {
    const still = scenesOf(Array.from({ length: 50 }, (_, t) => [circle(t < 40 ? 0 : 0.1)]));
    expect(animationSVG(still, { framesPerSecond: 20 })).toContain(
      '<g transform="translate(300 150)"><animateTransform attributeName="transform" type="translate" dur="3.25s" ' +
        'repeatCount="indefinite" keyTimes="0;.6;.61538;1" values="300 150;300 150;315 150;315 150"/>' +
        '<circle r="15" fill="red"/></g>',
    );
  });

  it("of one scene, and of scenes that are alike, does not move", () => {
    for (const scenes of [falling(1), scenesOf([[circle(0.3)], [circle(0.3)]])]) {
      const svg = animationSVG(scenes);
      expectWellFormed(svg);
      expect(svg).not.toContain("<animate");
      expect(svg).toContain("<circle");
    }
  });

  it("is the same each time, is 30 scenes a second unless said, and has a title", () => {
    const svg = animationSVG(falling(60), { title: "a & b" });
    expect(svg).toBe(animationSVG(falling(60), { framesPerSecond: 30, width: 600, title: "a & b" }));
    expect(svg).toContain("<title>a &#38; b</title>");
    expect(svg).not.toMatch(/<script|href|url\(/);
  });

  it("of an episode of CartPole is below 40 kB", () => {
    const random = numbers();
    let [x, angle] = [0, 0];
    const scenes = Array.from({ length: 501 }, (): Scene => {
      x += 0.02 * (random() - 0.5);
      angle += 0.02 * (random() - 0.5);
      const pole: SceneShape = {
        kind: "line",
        points: [[0, 0] as const, [0, 1] as const],
        width: 0.08,
        color: "#d9822b",
      };
      return { view, shapes: [circle(x), { ...pole, at: [x, 0], angle }, circle(x)] };
    });
    expect(animationSVG(scenes, { framesPerSecond: 50 }).length).toBeLessThan(40_000);
  });

  it("of a thousand steps of twelve limbs that run is below 300 kB", () => {
    const random = numbers();
    const scenes = Array.from({ length: 1001 }, (_, t): Scene => {
      const x = 0.2 * t;
      const limbs = Array.from({ length: 12 }, (): SceneShape => {
        const [at, angle] = [[x + random() - 0.5, 0.5 * random()] as const, 3 * random()];
        return {
          kind: "line",
          points: [[-0.2, 0] as const, [0.2, 0] as const],
          at,
          angle,
          width: 0.1,
          color: "#d9822b",
        };
      });
      const ground: SceneShape = {
        kind: "line",
        points: [[-3, 0] as const, [205, 0] as const],
        width: 0.02,
        color: "#999",
      };
      return { view: { ...view, left: x - 2, right: x + 2 }, shapes: [ground, ...limbs] };
    });
    expect(animationSVG(scenes, { framesPerSecond: 20 }).length).toBeLessThan(300_000);
  });
});

it.each([
  [[], {}, "animationSVG: [] has no scene"],
  [scenesOf([[], []]), { framesPerSecond: 0 }, /^animationSVG: framesPerSecond: 0 is not a number/],
  [scenesOf([[]]), { width: -1 }, "animationSVG: width: -1 is not a number above 0"],
  [scenesOf([[]]), { fps: 3 }, /^animationSVG: there is no option fps; /],
  [
    scenesOf([[circle(0)], [circle(0), circle(1, Number.NaN)]]),
    {},
    "animationSVG: step 1: scene.shapes[1].at is [1,null]; it has to be two finite numbers",
  ],
])("refuses %j with %j", (scenes, options, message) => {
  const make = () => animationSVG(scenes, options as object);
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(message);
});
