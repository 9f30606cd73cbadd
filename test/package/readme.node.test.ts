// The README, followed from top to bottom by someone who has npm and nothing else: every block is run as it is written,
// in one folder, in which its first line installs the package from a registry that this file is.

import { exec } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright";
import { build, transformWithOxc } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hyperparameters } from "../../src/index.ts";
import { findBrowser } from "../../tools/browsers.mjs";
import { launchOptions } from "../../vitest.config.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proximal-readme-"));
const readme = readFileSync(join(root, "README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The blocks of a language, each with the first line that tells it from others. */
const blocksOf = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text = ""], index) => {
    return { index, text, first: text.split("\n").find((line) => !/^(import.*|<!doctype.*)?$/.test(line)) };
  });
const blocks = { ts: blocksOf("ts"), html: blocksOf("html"), sh: blocksOf("sh") };
/** What is typed in a clone of the repository: every line runs a script of npm. */
const isOfRepository = (text: string) =>
  text
    .trim()
    .split("\n")
    .every((line) => /^npm (start|test|run)\b/.test(line));
const commands = blocks.sh.filter(({ text }) => !isOfRepository(text));

const contentTypes: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };
let server: Server;
let origin: string;

const settings = { cache: join(folder, "cache"), audit: "false", fund: "false", update_notifier: "false" };
const forNpm = () =>
  Object.entries({ ...settings, registry: origin }).map(([name, value]) => [`npm_config_${name}`, value]);
/** What a shell does with this text; it fails where one of its commands does. */
const run = (text: string, cwd = folder) =>
  promisify(exec)(text, { cwd, env: { ...process.env, ...Object.fromEntries(forNpm()) } });

beforeAll(async () => {
  const { stdout } = await run(`npm pack --json --ignore-scripts --pack-destination ${folder}`, root);
  const [{ filename, version, integrity }] = [JSON.parse(stdout)].flat();
  server = createServer(({ url = "/" }, response) => {
    const path = join(folder, url.replace(/\/$/, "/index.html"));
    if (url === "/proximal") {
      const versions = { [version]: { ...manifest, dist: { tarball: `${origin}/${filename}`, integrity } } };
      response.end(JSON.stringify({ name: "proximal", "dist-tags": { latest: version }, versions }));
    } else if (existsSync(path)) {
      response.setHeader("Content-Type", contentTypes[extname(path)] ?? "application/octet-stream");
      response.end(readFileSync(path));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a block of the README runs as it is written:", () => {
  const [install, ...others] = commands;

  it(`${install?.first}`, async () => {
    await run(install?.text as string);
    expect(existsSync(join(folder, "node_modules/proximal/dist/index.js"))).toBe(true);
  });

  it.each(blocks.ts)("$first", async ({ index, text }) => {
    const { code } = await transformWithOxc(text, "block.ts", { sourcemap: false });
    writeFileSync(join(folder, `block${index}.mjs`), code);
    const { stderr } = await run(`node block${index}.mjs`);
    expect(stderr).toBe("");
  });

  it.skipIf(process.platform === "win32").each(others)(
    "$first",
    async ({ text }) => {
      await run(`set -e\n${text}`);
    },
    180_000,
  );

  it.each(blocks.sh.filter(({ text }) => isOfRepository(text)))("$first", ({ text }) => {
    for (const [, script] of text.matchAll(/npm (?:run )?([\w:]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script);
  });

  it.skipIf(!findBrowser("chromium")).each(blocks.html)("$index: $text", async ({ index, text }) => {
    const needsNoBundler = text.includes("importmap");
    const path = needsNoBundler ? "" : `page${index}/`;
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, "index.html"), text);
    if (!needsNoBundler) await build({ root: join(folder, path), base: "./", configFile: false, logLevel: "silent" });
    const said = await pageAt(`${origin}/${path}${needsNoBundler ? "" : "dist/"}`);
    expect(said).toMatch(/^5\d{4} steps, mean return \d{2,3}\.\d, action [01]$/);
  });

  it("and there are some of each kind", () => {
    const counts = [blocks.ts.length, commands.length, blocks.html.length];
    expect(counts).toEqual([expect.toSatisfy((n) => n >= 5), 4, 2]);
  });
});

/** What a page in Chromium has in its log once its training is over, or why it failed. */
async function pageAt(url: string): Promise<string> {
  const browser = await chromium.launch({
    ...launchOptions.chromium,
    executablePath: findBrowser("chromium") as string,
  });
  try {
    const page = await browser.newPage();
    const failed = new Promise<string>((resolve) => page.on("pageerror", ({ message }) => resolve(message)));
    await page.goto(url);
    const isOver = () => document.getElementById("log")?.textContent?.includes("action");
    const log = page.waitForFunction(isOver, undefined, { timeout: 50_000 }).then(
      () => page.textContent("#log"),
      ({ message }) => message,
    );
    return String(await Promise.race([log, failed]));
  } finally {
    await browser.close();
  }
}

describe("the README", () => {
  it.skipIf(process.platform === "win32")("shows the learning curves that its commands draw", () => {
    const drawn = readFileSync(join(folder, "cartpole.svg"), "utf8");
    expect(drawn).toBe(readFileSync(join(root, "bench/results/cartpole.svg"), "utf8"));
  });

  it("has TypeScript that compiles", async () => {
    const files = blocks.ts.map(({ index }) => `block${index}.ts`);
    for (const { index, text } of blocks.ts) writeFileSync(join(folder, `block${index}.ts`), `${text}export {};\n`);
    const compilerOptions = {
      ...{ module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [], noEmit: true },
      ...{ strict: true, exactOptionalPropertyTypes: true },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const { stdout } = await run(`node ${join(root, "node_modules/typescript/bin/tsc")} -p . || true`);
    expect(stdout).toBe("");
  });

  it("names every hyper-parameter with its default, in the order of the code", () => {
    const table = readme
      .slice(readme.indexOf("## Hyper-parameters"))
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const rows = table.map((line) => line.split("|").map((cell) => cell.trim()));
    const own = rows.filter(([, name = ""]) => !name.includes("` of `"));
    expect(own.map(([, name, value]) => [/`(\w+)`/.exec(name as string)?.[1], JSON.parse(value as string)])).toEqual(
      Object.entries(hyperparameters).map(([name, spec]) => [name, spec.default]),
    );
    for (const row of rows) expect(row).toHaveLength(8);
  });
});
