// @ts-check
// Where this machine's own browsers are. The tests drive these, so that no browser is downloaded.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const MACOS = "/Applications";
const BROWSERS = {
  chromium: {
    variable: "CHROMIUM_PATH",
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    bundles: [
      `${MACOS}/Chromium.app/Contents/MacOS/Chromium`,
      `${MACOS}/Google Chrome.app/Contents/MacOS/Google Chrome`,
    ],
  },
  firefox: {
    variable: "FIREFOX_PATH",
    names: ["firefox-esr", "firefox"],
    bundles: [`${MACOS}/Firefox.app/Contents/MacOS/firefox`],
  },
};

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The path of a browser: what its environment variable names, else the first of its usual names on PATH.
 * @param {"chromium" | "firefox"} browser
 * @returns {string | undefined}
 */
export function findBrowser(browser) {
  const { variable, names, bundles } = BROWSERS[browser];
  const named = process.env[variable];
  if (named) return isExecutable(named) ? named : undefined;
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name + suffix))), ...bundles].find(
    isExecutable,
  );
}

/** @param {"chromium" | "firefox"} browser the environment variable by which a person names another path */
export const pathVariable = (browser) => BROWSERS[browser].variable;
