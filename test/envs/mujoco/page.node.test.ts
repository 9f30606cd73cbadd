// MuJoCo in pages of real browsers: built by Vite, and without a bundler by an import map. Its wasm is found beside it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBrowser } from "../../../tools/browsers.mjs";
import { launchOptions } from "../../../vitest.config.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proximal-mujoco-page-"));
const places = {
  "proximal/envs/mujoco": "dist/envs/mujoco/index.js",
  "proximal/envs": "dist/envs/index.js",
  "@mujoco/mujoco": "node_modules/@mujoco/mujoco/mujoco.js",
};
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".wasm": "application/wasm" };

/** Says in the title what 20 steps came to, or what went wrong. */
const script = `
  import { make, register } from "proximal/envs";
  import { mujoco } from "proximal/envs/mujoco";
  register(...mujoco);
  const rewards = async () => {
    const env = await make("HalfCheetah-v4", { seed: 3 });
    env.reset();
    let sum = 0;
    for (let step = 0; step < 20; step++) sum += env.step(Float32Array.of(1, -1, 0.5, 0, 0.25, -0.75)).reward;
    env.close();
    return String(sum);
  };
  rewards().catch(({ name, message }) => name + ": " + message).then((said) => (document.title = said));
`;

function pageWith(names: readonly string[]): string {
  const imports = Object.fromEntries(Object.entries(places).filter(([name]) => names.includes(name)));
  const map = JSON.stringify({ imports: Object.fromEntries(Object.entries(imports).map(([k, v]) => [k, `/${v}`])) });
  return `<!doctype html><script type="importmap">${map}</script><script type="module">${script}</script>`;
}

const pages: Readonly<Record<string, string>> = {
  "/map.html": pageWith(Object.keys(places)),
  "/without.html": pageWith(["proximal/envs", "proximal/envs/mujoco"]),
};

let server: Server;
let files: string[];
beforeAll(async () => {
  writeFileSync(join(folder, "page.js"), script);
  writeFileSync(join(folder, "index.html"), '<!doctype html><script type="module" src="./page.js"></script>');
  const alias = Object.entries(places).map(([find, path]) => ({ find, replacement: join(root, path) }));
  const config = { configFile: false, root: folder, base: "./", logLevel: "silent", resolve: { alias } } as const;
  const made = await build({ ...config, build: { outDir: "built", target: "esnext", minify: false } });
  files = ([made].flat()[0] as { output: { fileName: string }[] }).output.map(({ fileName }) => fileName);
  server = createServer(({ url = "/" }, response) => {
    const path = url.startsWith("/built/") ? join(folder, url) : join(root, url);
    response.setHeader("Content-Type", types[extname(url)] ?? "text/javascript");
    const page = pages[url];
    if (page !== undefined) response.end(page);
    else if (existsSync(path)) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function titlesIn(browser: "chromium" | "firefox", paths: readonly string[]): Promise<string[]> {
  const executablePath = findBrowser(browser) as string;
  const instance = await { chromium, firefox }[browser].launch({ ...launchOptions[browser], executablePath });
  const titles: string[] = [];
  try {
    for (const path of paths) {
      const page = await instance.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      await page.waitForFunction(() => document.title !== "", undefined, { timeout: 50_000 });
      titles.push(await page.title());
    }
  } finally {
    await instance.close();
  }
  return titles;
}

it("Vite makes an asset of MuJoCo's wasm, and a part that is loaded when it is needed of the rest", () => {
  expect(files.filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
  expect(files.filter((name) => /\/mujoco-.*\.js$/.test(name))).toHaveLength(1);
});

describe.each(["chromium", "firefox"] as const)("a page in %s", (browser) => {
  it.skipIf(!findBrowser(browser))(
    "steps to the same number, however it was put together, or says what it lacks",
    async () => {
      const [mapped, built, without] = await titlesIn(browser, ["/map.html", "/built/index.html", "/without.html"]);
      expect(mapped).toBe("-3.4634762574363274");
      expect(built).toBe(mapped);
      expect(without).toBe(
        "MissingPackageError: HalfCheetah-v4 needs @mujoco/mujoco, which is not installed: npm install @mujoco/mujoco@3.14.0",
      );
    },
  );
});
