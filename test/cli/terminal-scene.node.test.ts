// Scenes in a terminal, character by character.

import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/base/errors.ts";
import { colorOf, selectionOf } from "../../src/cli/colors.ts";
import { terminalScene } from "../../src/cli/terminal-scene.ts";
import type { Scene, SceneShape } from "../../src/envs/scene.ts";

const [BLACK, RED, WHITE] = ["0;0;0", "255;0;0", "255;255;255"];
const scene = (width: number, height: number, ...shapes: SceneShape[]): Scene => ({
  view: { left: 0, bottom: 0, right: width, top: height },
  background: "#000",
  shapes,
});
const area = (left: number, bottom: number, right: number, top: number, fill = "#f00"): SceneShape => ({
  ...{ kind: "polygon", fill },
  points: [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ],
});

/** The quarters of a filled character, as in the names of Unicode: upper left, upper right, lower left, lower right. */
const FILLED: Readonly<Record<string, string>> = {
  ...{ " ": "0000", "▘": "1000", "▝": "0100", "▀": "1100", "▖": "0010", "▌": "1010", "▞": "0110", "▛": "1110" },
  ...{ "▗": "0001", "▚": "1001", "▐": "0101", "▜": "1101", "▄": "0011", "▙": "1011", "▟": "0111", "█": "1111" },
};

/** The colours of the quarters of each character of a line; undefined where it has none. */
function quartersOf(line: string): (string | undefined)[][] {
  const [plain = "", ...pieces] = line.split("\x1b[");
  return [`0m${plain}`, ...pieces].flatMap((piece) => {
    const [selection = "", ...texts] = piece.split("m");
    const { groups = {} } = /^0(;38;2;(?<letters>[\d;]+?))?(;48;2;(?<behind>[\d;]+))?$/.exec(selection) ?? {};
    const filled = [...texts.join("m")].map((character) => [...(FILLED[character] ?? "")]);
    return filled.map((bits) => bits.map((bit) => (bit === "1" ? groups.letters : groups.behind)));
  });
}

describe("in colours", () => {
  it("fills what is filled, and says a colour once", () => {
    // Eight characters are as wide as four lines are high.
    expect(terminalScene(scene(4, 1, area(2, 0, 4, 1)), 8, 9, 24)).toEqual([
      `\x1b[0;48;2;${BLACK}m    \x1b[0;48;2;${RED}m    \x1b[0m`,
    ]);
    expect(terminalScene(scene(2, 2, area(0, 1, 1, 2)), 4, 9, 24)).toEqual([
      `\x1b[0;48;2;${RED}m  \x1b[0;48;2;${BLACK}m  \x1b[0m`,
      `\x1b[0;48;2;${BLACK}m    \x1b[0m`,
    ]);
  });

  it("has every quarter of a character in its colour", () => {
    const bits = [1, 2, 4, 8];
    const pixels = [0, 2].flatMap((row) =>
      Array.from({ length: 32 }, (_, column) => ((column >> 1) & (bits[row + (column & 1)] as number) ? 255 : 0)),
    );
    const image: SceneShape = {
      ...{ kind: "image", width: 16, height: 2, columns: 32 },
      pixels: Uint8Array.from(pixels.flatMap((red) => [red, 0, 0])),
    };
    const [line = "", ...others] = terminalScene(scene(16, 2, image), 16, 9, 24);
    expect(others).toEqual([]);
    expect(quartersOf(line)).toEqual(
      Array.from({ length: 16 }, (_, mask) => bits.map((bit) => (mask & bit ? RED : BLACK))),
    );
  });

  it("has the two of three colours that are farthest apart", () => {
    const shapes = [area(0, 0, 0.5, 1, "#100"), area(0.5, 0, 1, 1, "#fff"), area(0.5, 1, 1, 2, "#e0e0e0")];
    expect(terminalScene(scene(1, 2, ...shapes), 1, 1, 24).map(quartersOf)).toEqual([[[BLACK, WHITE, BLACK, WHITE]]]);
  });

  it("keeps the proportions, and leaves the terminal its own colour around", () => {
    // A view of 2 x 2 in 8 x 2 characters, which are as 8 x 4: 4 x 4 in the middle.
    const lines = terminalScene(scene(2, 2, area(0, 0, 2, 2)), 8, 2, 24);
    expect(lines).toEqual(Array.from({ length: 2 }, () => `  \x1b[0;48;2;${RED}m    \x1b[0m  `));
    // Of 1.4 characters in the middle of four, the halves that lie in it, as letters: behind them is no colour.
    const narrow = terminalScene(scene(1.4, 2, area(0, 0, 1.4, 2)), 4, 1, 24);
    expect(narrow).toEqual([` \x1b[0;38;2;${RED}m▐▌\x1b[0m `]);
  });

  it("turns and moves what is turned and moved", () => {
    const pole = (angle: number): SceneShape => ({ ...area(0, -0.6, 2, 0.6), at: [2, 2], angle });
    const filled = (angle: number) =>
      terminalScene(scene(4, 4, pole(angle)), 4, 2, 24).map((line) =>
        quartersOf(line).map((quarters) => quarters.filter((color) => color === RED).length),
      );
    expect(filled(0)).toEqual([
      [0, 0, 2, 2],
      [0, 0, 2, 2],
    ]);
    expect(filled(Math.PI / 2)).toEqual([
      [0, 2, 2, 0],
      [0, 0, 0, 0],
    ]);
    expect(filled(Math.PI)).toEqual([
      [2, 2, 0, 0],
      [2, 2, 0, 0],
    ]);
  });

  it("shows thin lines and small discs wherever they are", () => {
    for (let height = 0.05; height < 2; height += 0.1) {
      const line: SceneShape = {
        kind: "line",
        width: 0.001,
        color: "#f00",
        points: [[0, height] as const, [8, height] as const],
      };
      const disc: SceneShape = { kind: "circle", at: [4 * height, height], radius: 0.001, fill: "#f00" };
      const seen = (shape: SceneShape) => terminalScene(scene(8, 2, shape), 8, 9, 24).flatMap(quartersOf);
      const columns = [0, 1, 2, 3, 4, 5, 6, 7];
      expect(
        columns.every((column) => [seen(line)[column]].flat().includes(RED)),
        String(height),
      ).toBe(true);
      expect(seen(disc).flat(), String(height)).toContain(RED);
    }
  });

  it("writes texts over it, printable, with their middle in their place", () => {
    const text: SceneShape = { kind: "text", at: [4, 1], text: "a b\n", size: 1, color: "#fff" };
    const [line] = terminalScene(scene(8, 2, area(0, 0, 4, 2), text), 8, 9, 24);
    // "a b\u000a" is nine characters long, of which the first eight are seen.
    expect(stripVTControlCharacters(line as string)).toBe("a b\\u000");
    expect(line).toContain(`\x1b[0;38;2;${WHITE};48;2;${RED}mb`);
  });

  it("has 256 of them where there are no more", () => {
    const index = (css: string) => selectionOf(colorOf(css), true, 8);
    // xterm's: a cube of six levels from 16 on, and 24 greys from 232 on.
    expect(["#000", "#ffffff", "#f00", "#0000ff", "#808080", "#d9822b", "#5f87af"].map(index)).toEqual(
      [16, 231, 196, 21, 244, 172, 67].map((color) => `;48;5;${color}`),
    );
    expect(terminalScene(scene(1, 2, area(0, 0, 1, 2)), 1, 1, 8)).toEqual(["\x1b[0;48;5;196m \x1b[0m"]);
  });
});

describe("without colours", () => {
  it("has a dot wherever it is not what is seen most", () => {
    // Four characters and a line: eight by four dots, of which those of the third character are set, and one more.
    const shapes = [area(2, 0, 3, 2), area(0, 1.5, 0.5, 2)];
    expect(terminalScene(scene(4, 2, ...shapes), 4, 9, 1)).toEqual(["⠁ ⣿ "]);
    expect(terminalScene(scene(4, 2, area(0, 0, 4, 2), area(2, 0, 3, 2, "#000")), 4, 9, 4)).toEqual(["  ⣿ "]);
  });

  it("leaves out what is hardly told from it, and has texts", () => {
    const text: SceneShape = { kind: "text", at: [3, 1], text: "ok", size: 1, color: "#fff" };
    expect(terminalScene(scene(4, 2, area(0, 0, 1, 2, "#111"), text), 4, 9, 1)).toEqual(["  ok"]);
  });
});

it("knows colours as environments write them", () => {
  expect(
    ["#abc", "#aabbcc", "#AABBCC80", "#abcd", "rgb(170, 187, 204)", "rgba(170 187 204 / 0.5)"].map(colorOf),
  ).toEqual(Array.from({ length: 6 }, () => [170, 187, 204]));
  expect(["white", "black", "rebeccapurple"].map(colorOf)).toEqual([
    [255, 255, 255],
    [0, 0, 0],
    [128, 128, 128],
  ]);
});

it("refuses what is no scene", () => {
  expect(() => terminalScene(scene(0, 2), 8, 8, 24)).toThrow(ConfigurationError);
});
