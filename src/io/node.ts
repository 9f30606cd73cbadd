// Node's modules, where there are any. They are asked for at run time, so that a bundler for the browser finds no
// import of them.

interface NodeModules {
  readonly "node:crypto": typeof import("node:crypto");
  readonly "node:fs/promises": typeof import("node:fs/promises");
  readonly "node:worker_threads": typeof import("node:worker_threads");
}

/** A module of Node, or of an engine that has the same; undefined in a page. */
export function nodeModule<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  return process?.getBuiltinModule?.(name) as NodeModules[N] | undefined;
}
