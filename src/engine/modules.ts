// The compiled kernels: those of this package, once for all engines of a realm, or a module that a host compiled.

import { ConfigurationError, OutOfMemoryError, UnsupportedError } from "../base/errors.ts";
import { shown } from "../base/ranges.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { build } from "./generated/build.ts";
import type { Kernels } from "./generated/kernels.ts";
import type { InstantiatedKernels, KernelVariant } from "./kernel-instance.ts";
import { bytesOf } from "./kernel-text.ts";

/** 1 MiB: what CartPole's agent takes, so that its memory never grows. */
const INITIAL_PAGES = 16;

/** A module with the variant that it says it is. */
export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly variant: KernelVariant;
}

/** By its text, of which there is one each. */
const compiled = new Map<string, Promise<CompiledKernels>>();

/**
 * The kernels of a text of this package. What cannot be compiled is not kept: the next call tries again.
 * @throws UnsupportedError where WebAssembly lacks SIMD, or relaxed SIMD for `fma`, or is forbidden; OutOfMemoryError
 */
export async function compileText(variant: KernelVariant, load: () => Promise<string>): Promise<CompiledKernels> {
  checkFeatures(variant);
  const text = await load();
  let kernels = compiled.get(text);
  if (kernels === undefined) {
    kernels = compileBytes(bytesOf(text)).then((module) => ({ module, variant }));
    compiled.set(text, kernels);
    kernels.catch(() => compiled.delete(text));
  }
  return kernels;
}

/**
 * The kernels of a module from outside, or of its bytes.
 * @throws ConfigurationError for what is no module of this build of the kernels; UnsupportedError and OutOfMemoryError
 * as above
 */
export async function compileGiven(given: object): Promise<CompiledKernels> {
  const isBytes = ArrayBuffer.isView(given) || Object.prototype.toString.call(given) === "[object ArrayBuffer]";
  if (isBytes) checkFeatures("strict");
  const module = isBytes ? await compileBytes(given as BufferSource) : (given as WebAssembly.Module);
  return { module, variant: variantOf(module) };
}

/** What the build has written into the module, in a section of its own. */
function variantOf(module: WebAssembly.Module): KernelVariant {
  const right = "it has to be proximal/kernels/strict.wasm, acting.wasm or fma.wasm, compiled or as bytes";
  let section: ArrayBuffer | undefined;
  try {
    [section] = WebAssembly.Module.customSections(module, "proximal");
  } catch {
    throw new ConfigurationError(`module: ${shown(module)} is no WebAssembly module; ${right}`);
  }
  if (section === undefined) throw new ConfigurationError(`module: it has no kernels of proximal; ${right}`);
  const [variant, itsBuild] = String.fromCharCode(...new Uint8Array(section)).split(" ");
  if (itsBuild !== build)
    throw new ConfigurationError(`module: its kernels are of build ${itsBuild}, those of this package of ${build}`);
  return variant as KernelVariant;
}

function checkFeatures(variant: KernelVariant): void {
  if (!hasSimd()) {
    throw new UnsupportedError(
      "WebAssembly SIMD is missing in this engine: Node 20.19, Chrome 94, Firefox 93, Safari 16.4 or later are needed",
    );
  }
  if (variant === "fma" && !hasRelaxedSimd()) {
    throw new UnsupportedError(
      'kernels "fma": this engine has no relaxed SIMD (Node 22, Chrome 114, Firefox 145 or later have it); "strict" runs everywhere',
    );
  }
}

async function compileBytes(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw outOfMemory(error);
    if (!WebAssembly.validate(bytes))
      throw new ConfigurationError(`module: not valid WebAssembly here (${messageOf(error)})`);
    // Right, and refused all the same.
    throw new UnsupportedError(
      "WebAssembly may not be compiled here: a page needs 'wasm-unsafe-eval' in the script-src of its content security policy, any other host Engine.create({ module })",
    );
  }
}

/** @throws OutOfMemoryError */
export async function instantiate({ module, variant }: CompiledKernels): Promise<InstantiatedKernels> {
  try {
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    const imports = { env: { memory } };
    const instance = instantiateAtOnce(module, imports) ?? (await WebAssembly.instantiate(module, imports));
    return { variant, memory, kernels: instance.exports as unknown as Kernels };
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(error) : error;
  }
}

/**
 * At once where the engine allows it: thousands of asynchronous instantiations can hang Node 20, whose collector waits
 * for them. The main thread of older browsers refuses modules of more than 4 KiB, with a RangeError.
 */
function instantiateAtOnce(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance | undefined {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const outOfMemory = (error: RangeError) =>
  new OutOfMemoryError(
    `no memory for the kernels (${error.message}); let go of agents and policies that are not used, or share an engine`,
  );

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
