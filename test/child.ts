// Another process that runs a function of a TypeScript file, which the lowest Node that package.json admits does not
// read.

import { spawn } from "node:child_process";

const script = `
  import { createServer } from "vite";
  const [file, name, ...args] = process.argv.slice(1);
  const server = { middlewareMode: true, watch: null, ws: false };
  const vite = await createServer({ configFile: false, appType: "custom", logLevel: "error", server });
  const module = await vite.ssrLoadModule(file);
  await module[name](...args);
  await vite.close();
`;

/** Runs the function that `file` exports as `name`, with these texts, in a process of its own. */
export async function runTypeScript(file: string, name: string, ...args: string[]): Promise<void> {
  const options = [...process.execArgv, "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, [...options, file, name, ...args], { stdio: ["ignore", "inherit", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${said}`);
}
