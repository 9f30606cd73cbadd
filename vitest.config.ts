import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { findBrowser } from "./tools/browsers.mjs";

// Node 20 has relaxed SIMD behind a flag; from Node 22 on it is always there and the flag is unknown.
const relaxedSimd = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

// With these a page may share memory, and its clock is fine enough to measure with.
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export const launchOptions = {
  chromium: {
    args: [
      "--no-sandbox", // the sandbox refuses root, which is who runs tests in a container
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
  // An unpatched Firefox speaks WebDriver BiDi, which Playwright calls by this channel.
  firefox: { channel: "moz-firefox" },
};

/** A test that trains takes a second or two, and several times that on a machine that is busy or slow. */
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Every test but those that need Node: files, processes, its garbage collector. */
function browserProject(browser: "chromium" | "firefox"): TestProjectConfiguration[] {
  const executablePath = findBrowser(browser);
  if (executablePath === undefined) return [];
  return [
    {
      server: { headers: isolation },
      test: {
        name: `browser ${browser}`,
        include: ["test/**/*.test.ts"],
        exclude: ["test/**/*.node.test.ts"],
        ...timeouts,
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          api: { host: "127.0.0.1" },
          provider: playwright({ launchOptions: { ...launchOptions[browser], executablePath } }),
          instances: [{ browser, name: browser }],
        },
      },
    },
  ];
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          environment: "node",
          ...timeouts,
          pool: "forks",
          execArgv: [...relaxedSimd, "--expose-gc"],
        },
      },
      ...browserProject("chromium"),
      ...browserProject("firefox"),
    ],
  },
});
