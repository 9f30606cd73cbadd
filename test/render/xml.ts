// XML as a reader of it takes it.

import { expect } from "vitest";

/** An element, with what it holds: elements, and texts in between. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\/([\w:-]+)>|<([\w:-]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/y;

/** The root of a text that is well-formed, without comments, declarations and other entities than numbers. */
export function parseXML(text: string): Element {
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [token, end, name, attributes = "", isEmpty, content] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error(`no XML: ${text.slice(at, at + 60)}`);
    const parent = open.at(-1) as Element;
    if (end !== undefined) {
      if (parent.name !== end || open.length < 2) throw new Error(`${end} ends what is ${parent.name}`);
      open.pop();
    } else if (name !== undefined) {
      const pairs = [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value] as const);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`twice the same: ${attributes}`);
      const element = { name, attributes: Object.fromEntries(pairs), children: [], text: "" };
      parent.children.push(element);
      if (isEmpty === "") open.push(element);
    } else parent.text += content;
    if (/&(?!#\d+;)/.test(token)) throw new Error(`an ampersand: ${token.slice(0, 60)}`);
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error("no one element");
  return top.children[0] as Element;
}

/** By the parser of the browser too, where there is one. */
export function expectWellFormed(text: string): void {
  expect(parseXML(text).name).toBe("svg");
  if (typeof DOMParser === "undefined") return;
  expect(new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")).toBeNull();
}
