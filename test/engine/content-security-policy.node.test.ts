// Pages with a content security policy, in real browsers: one that forbids WebAssembly is named, with what allows it.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBrowser } from "../../tools/browsers.mjs";
import { launchOptions } from "../../vitest.config.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const script = `
  import { Engine } from "/engine/index.js";
  const said = (promise) => promise.then(({ variant }) => variant, ({ name, message }) => name + ": " + message);
  document.title = await said(Engine.create());
`;

let server: Server;
beforeAll(async () => {
  server = createServer(({ url = "/" }, response) => {
    const [path, allowed = ""] = url.split("?");
    const isPage = path === "/";
    response.setHeader("Content-Type", isPage ? "text/html" : "text/javascript");
    if (isPage) response.setHeader("Content-Security-Policy", `script-src 'self' ${decodeURIComponent(allowed)}`);
    if (isPage) response.end('<!doctype html><script type="module" src="/page.js"></script>');
    else if (path === "/page.js") response.end(script);
    else if (existsSync(join(dist, path as string))) response.end(readFileSync(join(dist, path as string)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

/** What a page with this policy says of its engine. */
async function titleIn(browser: "chromium" | "firefox", allowed: string): Promise<string> {
  const executablePath = findBrowser(browser) as string;
  const instance = await { chromium, firefox }[browser].launch({ ...launchOptions[browser], executablePath });
  try {
    const page = await instance.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?${encodeURIComponent(allowed)}`);
    await page.waitForFunction(() => document.title !== "", undefined, { timeout: 20_000 });
    return await page.title();
  } finally {
    await instance.close();
  }
}

describe.each(["chromium", "firefox"] as const)("a page in %s", (browser) => {
  it.skipIf(!findBrowser(browser))("has an engine where its policy allows WebAssembly", async () => {
    expect(await titleIn(browser, "'wasm-unsafe-eval'")).toBe("strict");
  });

  it.skipIf(!findBrowser(browser))("is told what to allow where it does not", async () => {
    expect(await titleIn(browser, "")).toMatch(/^UnsupportedError: WebAssembly may not .*'wasm-unsafe-eval'/);
  });
});
