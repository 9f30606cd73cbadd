// @ts-check The script of a thread as one text: src/worker/script.ts with all that it imports, minified. It has neither
// the kernels, which it is given compiled, nor files, which a thread of a page has none of.

import { build } from "vite";

const leftOut = /\/(generated\/(strict|fma|acting)|io\/files)\.ts$/;

/** @param {string} root @returns {Promise<string>} */
export async function threadScript(root) {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [
      {
        name: "left out",
        enforce: "pre",
        load: (id) =>
          leftOut.test(id) ? 'export const wasm = ""; export const readFile = 0; export const writeFile = 0;' : null,
      },
    ],
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry: "src/worker/script.ts", formats: ["iife"], name: "proximal", fileName: "script" },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const parts = /** @type {{ output: { code: string }[] }[]} */ ([result].flat()).flatMap(({ output }) => output);
  const [script, ...others] = parts;
  if (script === undefined || others.length > 0) throw new Error(`the script of a thread has ${parts.length} parts`);
  return script.code;
}
