// Pictures of one scene: where each shape lies, as SVG and on a canvas.

import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/base/errors.ts";
import type { Scene, SceneShape } from "../../src/index.ts";
import { type DrawingContext, drawScene, sceneSVG } from "../../src/render/index.ts";
import { expectWellFormed } from "./xml.ts";

/** 4 wide and 2 high, its middle at [1, 1]: at a width of 400 a unit is 100 pixels. */
const view = { left: -1, bottom: 0, right: 3, top: 2 };
const sceneOf = (...shapes: SceneShape[]): Scene => ({ view, shapes });

/** Two pixels across, three down: red, green; green, green; red, red. */
const [R, G] = [
  [255, 0, 0],
  [0, 128, 0],
];
const pixels = Uint8Array.from([R, G, G, G, R, R].flatMap((color) => color as number[]));

const shapes: readonly { readonly shape: SceneShape; readonly svg: string; readonly calls: readonly unknown[] }[] = [
  {
    // From [0, 0.5] a quarter turn to the left and two units on.
    shape: {
      ...{ kind: "line", at: [0, 0.5], angle: Math.PI / 2, width: 0.1, color: "#123456" },
      points: [
        [0, 0],
        [1.005, 0.25],
      ],
    },
    svg: '<path transform="translate(100 150) rotate(-90)" d="M0 0 100.5-25" fill="none" stroke="#123456" stroke-width="10"/>',
    calls: [
      ...[["translate", 100, 150], ["rotate", -Math.PI / 2], ["beginPath"], ["moveTo", 0, 0]],
      ...[
        ["lineTo", 100.49999999999999, -25],
        ["stroke", "#123456", 10, "round", "round"],
      ],
    ],
  },
  {
    shape: {
      ...{ kind: "polygon", fill: "red" },
      points: [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    },
    svg: '<path transform="translate(100 200)" d="M0 0 100 0 0-100Z" fill="red"/>',
    calls: [
      ...[["translate", 100, 200], ["rotate", 0], ["beginPath"], ["moveTo", 0, 0], ["lineTo", 100, 0]],
      ...[["lineTo", 0, -100], ["closePath"], ["fill", "red"]],
    ],
  },
  {
    shape: { kind: "circle", at: [3, 2], radius: 0.125, fill: "rgb(1, 2, 3)" },
    svg: '<circle transform="translate(400 0)" r="12.5" fill="rgb(1, 2, 3)"/>',
    calls: [
      ...[["translate", 400, 0], ["rotate", 0], ["beginPath"], ["arc", 0, 0, 12.5, 0, 2 * Math.PI], ["closePath"]],
      ["fill", "rgb(1, 2, 3)"],
    ],
  },
  {
    shape: { kind: "text", at: [1, 1], angle: -Math.PI / 6, text: 'a < "b" & \u0007', size: 0.2, color: "#000" },
    svg: '<text transform="translate(200 100) rotate(30)" x="0" y="7" font-size="20" fill="#000">a &#60; &#34;b&#34; &#38; \ufffd</text>',
    calls: [
      ...[
        ["translate", 200, 100],
        ["rotate", Math.PI / 6],
      ],
      ["fillText", 'a < "b" & \u0007', 0, 7, "#000", "20px system-ui, sans-serif", "center"],
    ],
  },
  {
    shape: { kind: "image", at: [0, 0], width: 1, height: 1.5, columns: 2, pixels },
    svg:
      '<g transform="translate(100 200) translate(0 -125) scale(50 50)" shape-rendering="crispEdges" stroke-linecap="butt">' +
      '<path stroke="#ff0000" d="M0 0h1M0 2h2"/><path stroke="#008000" d="M1 0h1M0 1h2"/></g>',
    calls: [
      ...[
        ["translate", 100, 200],
        ["rotate", 0],
        ["fillRect", 0, -150, 50, 50, "#ff0000"],
      ],
      ...[
        ["fillRect", 50, -150, 50, 50, "#008000"],
        ["fillRect", 0, -100, 100, 50, "#008000"],
      ],
      ["fillRect", 0, -50, 100, 50, "#ff0000"],
    ],
  },
];

describe("sceneSVG", () => {
  it.each(shapes)("draws a $shape.kind", ({ shape, svg }) => {
    const text = sceneSVG(sceneOf(shape), { width: 400 });
    expectWellFormed(text);
    expect(text.split("\n")[3]).toBe(svg);
  });

  it("has the size of what is seen, its background and the first shape first", () => {
    const [circle, polygon] = [shapes[2]?.shape, shapes[1]?.shape] as [SceneShape, SceneShape];
    const text = sceneSVG({ view, background: "#abcdef", shapes: [circle, polygon] }, { title: "<Pole>" });
    expectWellFormed(text);
    expect(text.split("\n")).toEqual([
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300" width="600" height="300" role="img">',
      "<title>&#60;Pole&#62;</title>",
      '<g stroke-linecap="round" stroke-linejoin="round" text-anchor="middle" font-family="system-ui, sans-serif">',
      '<rect width="600" height="300" fill="#abcdef"/>',
      '<circle transform="translate(600 0)" r="18.75" fill="rgb(1, 2, 3)"/>',
      '<path transform="translate(150 300)" d="M0 0 150 0 0-150Z" fill="red"/>',
      "</g>",
      "</svg>",
      "",
    ]);
    expect(sceneSVG(sceneOf())).toContain('fill="#fff"');
  });

  it("lets nothing out of an attribute", () => {
    const text = sceneSVG({ view, shapes: [{ kind: "circle", radius: 1, fill: "red" }] }, { title: '"><script>' });
    expect(text).not.toContain("<script");
  });
});

/** A context that notes what is called, with what it is called in. */
function recordingContext() {
  const calls: unknown[][] = [];
  const state: Record<string, unknown> = {};
  const styles: Readonly<Record<string, readonly string[]>> = {
    ...{ fill: ["fillStyle"], fillRect: ["fillStyle"], fillText: ["fillStyle", "font", "textAlign"] },
    stroke: ["strokeStyle", "lineWidth", "lineCap", "lineJoin"],
  };
  const context = new Proxy(state, {
    get: (_, name: string) => (name in state ? state[name] : (...args: unknown[]) => note(name, args)),
    set: (_, name: string, value) => Reflect.set(state, name, value),
  });
  const note = (name: string, args: unknown[]) => {
    const used = (styles[name] ?? []).map((style) => state[style]);
    // -0 is 0 to a canvas.
    calls.push([name, ...args.map((value) => (typeof value === "number" ? value + 0 : value)), ...used]);
  };
  return { calls, context: context as unknown as DrawingContext };
}

describe("drawScene", () => {
  it.each(shapes)("draws a $shape.kind where the SVG has it", ({ shape, calls: expected }) => {
    const { calls, context } = recordingContext();
    drawScene(context, sceneOf(shape), { width: 400, height: 200 });
    expect(calls).toEqual([
      ...[["save"], ["fillRect", 0, 0, 400, 200, "white"], ["beginPath"], ["rect", 0, 0, 400, 200], ["clip"]],
      ...[["save"], ...expected, ["restore"], ["restore"]],
    ]);
  });

  it.each([
    // Of 4 x 2 units, 100 are 400 x 200; what is left is the same at both sides.
    [{ width: 400, height: 300 }, [0, 50, 400, 200], [100, 250]],
    [{ width: 500, height: 200 }, [50, 0, 400, 200], [150, 200]],
  ])("keeps the proportions on a canvas of %j, in the middle", (size, window, origin) => {
    const { calls, context } = recordingContext();
    drawScene(context, { ...sceneOf({ kind: "circle", radius: 0.5, fill: "red" }), background: "blue" }, size);
    expect(calls).toContainEqual(["fillRect", 0, 0, size.width, size.height, "blue"]);
    expect(calls).toContainEqual(["rect", ...window]);
    expect(calls).toContainEqual(["translate", ...origin]);
    expect(calls).toContainEqual(["arc", 0, 0, 50, 0, 2 * Math.PI]);
  });

  it("leaves no seams between the pixels of an image whose size is no whole number", () => {
    const { calls, context } = recordingContext();
    const image = { kind: "image", at: [0.003, 0.001], width: 0.333, height: 0.5, columns: 2, pixels } as const;
    drawScene(context, sceneOf(image), { width: 400, height: 200 });
    const [, x, y] = calls.find(([name]) => name === "translate") as [string, number, number];
    const edges = calls.slice(2).flatMap(([name, ...numbers]) => {
      const [left = 0, top = 0, width = 0, height = 0] = numbers as number[];
      return name === "fillRect" ? [x + left, x + left + width, y + top, y + top + height] : [];
    });
    expect(edges).toHaveLength(16);
    for (const edge of edges) expect(edge).toBeCloseTo(Math.round(edge), 9);
  });
});

describe("what is no scene", () => {
  const line = { kind: "line", points: [[0, 0]], width: 1, color: "red" } as const;
  it.each([
    [
      { view, shapes: [line, { ...line, at: [1, Number.NaN] }] },
      "shapes[1].at is [1,null]; it has to be two finite numbers",
    ],
    [{ view, shapes: [{ ...line, width: Number.POSITIVE_INFINITY }] }, /shapes\[0\]\.width is Infinity; it has to be/],
    [{ view, shapes: [{ ...line, angle: Number.NaN }] }, "shapes[0].angle is NaN; it has to be a finite number"],
    [{ view: { ...view, right: -1 }, shapes: [] }, /^X: scene\.view is/],
    [{ view, shapes: [{ kind: "image", width: 1, height: 1, columns: 4, pixels }] }, /shapes\[0\]\.pixels is/],
    [undefined, /^X: scene\.view\.left is undefined; it has to be a finite number$/],
  ])("is refused by its place: %j", (scene, expected) => {
    const { context } = recordingContext();
    const draw = () => drawScene(context, scene as Scene, { width: 1, height: 1 });
    for (const [name, body] of [["sceneSVG", () => sceneSVG(scene as Scene)] as const, ["drawScene", draw] as const]) {
      const message = typeof expected === "string" ? `X: scene.${expected}` : expected;
      let error: unknown;
      try {
        body();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(ConfigurationError);
      const said = (error as Error).message.replace(name, "X");
      if (typeof message === "string") expect(said).toBe(message);
      else expect(said).toMatch(message);
    }
  });

  it.each([
    [{ width: 0 }, "sceneSVG: width: 0 is not a number above 0"],
    [{ width: Number.NaN }, "sceneSVG: width: NaN is not a number above 0"],
    [{ widht: 3 }, "sceneSVG: there is no option widht; did you mean width?"],
  ])("and so are the options %j", (options, message) => {
    expect(() => sceneSVG(sceneOf(), options as object)).toThrow(new ConfigurationError(message));
  });
});
