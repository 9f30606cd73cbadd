// @ts-check
// Builds the package, and skips each part whose inputs have not changed since it last succeeded:
//   assembly/      --asc-->  build/{strict,acting,fma}.wasm  -->  src/engine/generated/{strict,acting,fma}.ts   (text)
//   assembly/      ------------------------------------------->  src/engine/generated/{kernels,build}.ts       (types)
//   src/worker/    -vite->   src/worker/generated/script.ts                          (the script of a thread, as text)
//   src/           --tsc-->  dist/ with declarations, and dist/kernels/*.wasm                          (to be fetched)
//   bench/, test/, tools/results/  --tsc-->  build/scripts/                                       (for tools/run.mjs)
// The types of the kernels are made by kernel-types.mjs, the text of a module by kernel-text.mjs. Only Node's built-ins
// are used here, and vite where the script of a thread is made.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelText } from "./kernel-text.mjs";
import { kernelTypes } from "./kernel-types.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
/** Each module of kernels: the file of assembly/ that exports them, and the variant that they are. */
const modules = {
  strict: { entry: "index", variant: "strict" },
  acting: { entry: "acting", variant: "strict" },
  fma: { entry: "index", variant: "fma" },
};
const moduleNames = Object.keys(modules);

/** @param {string} path a path inside the repository */
const at = (path) => join(root, path);

/** @param {string} message @returns {void} */
export const report = (message) => void process.stderr.write(`proximal: ${message}\n`);

/** An expected failure: its message is all that a person needs to see. */
export class SetupError extends Error {}

/**
 * Runs a Node script of a dependency; its output is shown only where it fails.
 * @param {string} what the name of the step, for the error
 * @param {string[]} args arguments of `node`
 * @returns {Promise<void>}
 */
export function node(what, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${what} failed (${signal ?? `exit ${code}`})\n${output.trimEnd()}`));
    });
  });
}

/**
 * One hash over the names and contents of files and folders, in a fixed order.
 * @param {string[]} paths inside the repository; what does not exist counts as empty
 * @param {(path: string) => boolean} [keep] leaves files of folders out
 */
function hashOf(paths, keep = () => true) {
  const hash = createHash("sha256");
  for (const path of paths) {
    if (!existsSync(at(path))) continue;
    const files = filesAt(path).filter(keep).sort();
    for (const file of files)
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(at(file)))
        .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} the files below a folder, or the file itself, relative to the root */
function filesAt(path) {
  if (statSync(at(path)).isFile()) return [path];
  return readdirSync(at(path))
    .filter((name) => name !== "node_modules")
    .flatMap((name) => filesAt(`${path}/${name}`));
}

/** @param {string} path @param {string | Buffer} contents atomic, since two builds may run side by side */
function write(path, contents) {
  const temporary = at(`build/${process.pid}.tmp`);
  writeFileSync(temporary, contents);
  renameSync(temporary, at(path));
}

/** @param {string} step @param {string} hash @param {string[]} outputs */
const isCurrent = (step, hash, outputs) =>
  [`build/${step}.stamp`, ...outputs].every((path) => existsSync(at(path))) &&
  readFileSync(at(`build/${step}.stamp`), "utf8") === hash;

/**
 * The promise of assembly/: pure functions over one imported memory. Static data would be written again by each
 * instance, a global or an allocator would be state that JavaScript does not see. The sections are read here because
 * Node 20 does not compile relaxed SIMD.
 * @param {string} name
 * @param {Buffer} binary
 */
function checkModule(name, binary) {
  /** @type {Map<number, Buffer>} */
  const sections = new Map();
  for (let offset = 8; offset < binary.length; ) {
    const id = binary.readUInt8(offset++);
    let size = 0; // LEB128
    for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
      byte = binary.readUInt8(offset++);
      size += (byte & 127) * 2 ** shift;
    }
    sections.set(id, binary.subarray(offset, offset + size));
    offset += size;
  }
  const onlyMemory = "\x01\x03env\x06memory\x02"; // one import: "env" "memory", a memory
  const found = [
    sections.has(11) && "static data",
    sections.has(6) && "a global variable (an allocator is one too)",
    sections.has(8) && "a start function",
    !sections.get(2)?.toString("latin1").startsWith(onlyMemory) && "other imports than the memory",
  ].filter(Boolean);
  if (found.length > 0) {
    throw new SetupError(
      `kernels must be pure functions over one memory: build/${name}.wat has ${found.join(" and ")}`,
    );
  }
}

/**
 * A module with one section more, by which `Engine.create` knows it: its variant, and the build that it is of.
 * @param {Buffer} binary
 * @param {string} text
 */
function labelled(binary, text) {
  const string = (/** @type {string} */ value) => Buffer.from([value.length, ...Buffer.from(value)]);
  const section = Buffer.concat([string("proximal"), Buffer.from(text)]);
  return Buffer.concat([binary, Buffer.from([0, section.length]), section]);
}

async function buildKernels() {
  const own = ["build", "kernel-text", "kernel-types"].map((name) => `tools/${name}.mjs`);
  const hash = hashOf(["assembly", "asconfig.json", "package-lock.json", ...own], (file) => !file.includes("__"));
  const generated = ["kernels", "build", ...moduleNames].map((name) => `src/engine/generated/${name}.ts`);
  const outputs = moduleNames.map((name) => `build/kernels/${name}.wasm`);
  if (isCurrent("kernels", hash, [...generated, ...outputs])) return false;
  report("building the kernels (asc)");
  const asc = "node_modules/assemblyscript/bin/asc.js";
  await Promise.all(
    Object.entries(modules).map(([name, { entry }]) =>
      node(`asc --target ${name}`, [asc, `assembly/${entry}.ts`, "--config", "asconfig.json", "--target", name]),
    ),
  );
  const binaries = moduleNames.map((name) => readFileSync(at(`build/${name}.wasm`)));
  const build = createHash("sha256").update(Buffer.concat(binaries)).digest("hex").slice(0, 8);
  for (const folder of ["src/engine/generated", "build/kernels"]) mkdirSync(at(folder), { recursive: true });
  write("src/engine/generated/kernels.ts", kernelTypes(at("assembly")));
  write(
    "src/engine/generated/build.ts",
    `// Made by tools/build.mjs.\n\n/** Which build of the kernels this is: the beginning of their SHA-256. */\nexport const build: string = "${build}";\n`,
  );
  for (const [index, [name, { variant }]] of Object.entries(modules).entries()) {
    const binary = labelled(/** @type {Buffer} */ (binaries[index]), `${variant} ${build}`);
    checkModule(name, binary);
    write(`build/kernels/${name}.wasm`, binary);
    write(
      `src/engine/generated/${name}.ts`,
      `// Made by tools/build.mjs from assembly/: ${binary.length} bytes of WebAssembly.\n` +
        `export const wasm: string =\n  "${kernelText(binary)}";\n`,
    );
  }
  write("build/kernels.stamp", hash);
  return true;
}

/**
 * Compiles a project into a new folder that then takes the place of the old one: no file of a removed source stays
 * behind, and no reader meets half a build.
 * @param {string} project
 * @param {string} folder
 * @param {(fresh: string) => void} [complete] adds to the folder what tsc does not
 */
async function compile(project, folder, complete = () => {}) {
  const fresh = `build/${basename(folder)}-${process.pid}`;
  try {
    await node("tsc", ["node_modules/typescript/bin/tsc", "-p", project, "--outDir", fresh]);
    complete(fresh);
    rmSync(at(folder), { recursive: true, force: true });
    renameSync(at(fresh), at(folder));
  } finally {
    rmSync(at(fresh), { recursive: true, force: true });
  }
}

/**
 * Removes what nobody who installs the package can reach from its entries and its command: JavaScript of types alone,
 * and declarations that no public one names.
 * @param {string} folder
 */
function removeUnreached(folder) {
  const { exports } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const entries = Object.values(exports).flatMap((entry) => (entry.types ? [entry.types, entry.default] : []));
  const reached = new Set(entries.map((path) => path.replace("./dist", folder)).concat(`${folder}/cli/main.js`));
  for (const file of reached) {
    const text = readFileSync(at(file), "utf8");
    const kind = file.endsWith(".d.ts") ? ".d.ts" : ".js";
    for (const [, path = ""] of text.matchAll(/(?:from|import\(?)\s*"(\.[^"]+)"/g))
      reached.add(join(dirname(file), path.replace(/\.[jt]s$/, kind)).replaceAll("\\", "/"));
  }
  for (const file of filesAt(folder)) {
    // bench/ uses the command line's types; package.json leaves them out of the package.
    const isKept = reached.has(file.replace(/\.map$/, "")) || file.startsWith(`${folder}/cli/`);
    if (!isKept) rmSync(at(file));
    // dist/ is one folder nearer to src/ than where tsc writes.
    else if (file.endsWith(".map"))
      writeFileSync(at(file), readFileSync(at(file), "utf8").replace('"sources":["../', '"sources":["'));
  }
}

async function buildThread() {
  const hash = hashOf(
    ["src", "tools/build.mjs", "tools/thread-script.mjs", "package-lock.json"],
    (file) => !/^src\/(cli|worker\/generated)\//.test(file),
  );
  if (isCurrent("thread", hash, ["src/worker/generated/script.ts"])) return;
  report("bundling the script of a thread (vite)");
  const { threadScript } = await import("./thread-script.mjs");
  mkdirSync(at("src/worker/generated"), { recursive: true });
  write(
    "src/worker/generated/script.ts",
    `// Made by tools/build.mjs from src/worker/script.ts.\nexport const script: string =\n  ${JSON.stringify(await threadScript(root))};\n`,
  );
  write("build/thread.stamp", hash);
}

async function buildPackage() {
  const hash = hashOf(["src", "tsconfig.json", "package.json", "tools/build.mjs", "package-lock.json"]);
  if (isCurrent("package", hash, ["dist/index.js", ...moduleNames.map((name) => `dist/kernels/${name}.wasm`)]))
    return false;
  report("compiling the package (tsc)");
  await compile("src", "dist", (fresh) => {
    removeUnreached(fresh);
    cpSync(at("build/kernels"), at(`${fresh}/kernels`), { recursive: true });
  });
  write("build/package.stamp", hash);
  return true;
}

/** Builds what is out of date. @returns {Promise<boolean>} whether anything was */
export async function build() {
  if (!existsSync(at("node_modules/typescript")) || !existsSync(at("node_modules/assemblyscript")))
    throw new SetupError("the dependencies are not installed: run npm ci, or npm start, which does");
  mkdirSync(at("build"), { recursive: true });
  const kernels = await buildKernels();
  await buildThread();
  return (await buildPackage()) || kernels;
}

/**
 * Compiles the scripts of bench/, test/ and tools/results/ where they are out of date. They import the package, which
 * has to be built.
 */
export async function buildScripts() {
  const hash = hashOf(
    [
      "bench",
      "test",
      "tools/results",
      "tools/fit/ulp.json",
      "src",
      "tsconfig.json",
      "package.json",
      "tools/build.mjs",
      "package-lock.json",
    ],
    (file) => /\.(ts|json)$/.test(file) && !/\.test\.ts$|^bench\/results\//.test(file),
  );
  if (isCurrent("scripts", hash, ["build/scripts"])) return;
  report("compiling the scripts (tsc)");
  await compile("bench", "build/scripts");
  write("build/scripts.stamp", hash);
}

/** @param {() => Promise<unknown>} main where it throws a SetupError, the process ends with its message and code 1 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(error.message);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runMain(build);
