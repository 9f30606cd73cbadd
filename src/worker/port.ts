// What two threads talk through: the Worker of a page and of Deno and Bun, or that of Node, seen from either side.

import { UnsupportedError } from "../base/errors.ts";
import { nodeModule } from "../io/node.ts";

/** One end of a connection between two threads. */
export interface Port {
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** What ends the other side without an answer. */
  onFailure(listener: (error: Error) => void): void;
  close(): void;
}

/** A worker of a page, as its types have it. */
interface PageWorker {
  /** Sends to the other side. */
  postMessage(message: unknown, transfer?: never): void;
  /** Listens to it. */
  // biome-ignore lint/suspicious/noExplicitAny: what that of the DOM's types allows
  addEventListener(type: string, listener: (event: any) => void): void;
  /** Ends it. */
  terminate?(): void;
}

/** A worker of Node, or the port to its parent. */
interface NodePort {
  /** Sends to the other side. */
  postMessage(message: unknown, transfer?: never): void;
  /** Listens to it. */
  // biome-ignore lint/suspicious/noExplicitAny: what every overload of Node's allows
  on(type: string, listener: (value: any) => void): unknown;
  /** Ends it. */
  terminate?(): unknown;
  /** Lets the process end while it runs. */
  unref?(): void;
}

/** A thread, as `new Worker(...)` makes one in a page, and in Node that of `node:worker_threads`. */
export type AnyWorker = PageWorker | NodePort;

/** The end of a thread that somebody started. */
export function portOf(worker: AnyWorker): Port {
  const isOfNode = "on" in worker;
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as never),
    onMessage(listener) {
      if (isOfNode) worker.on("message", listener);
      else worker.addEventListener("message", ({ data }: { readonly data: unknown }) => listener(data));
    },
    onFailure(listener) {
      if (isOfNode) worker.on("error", listener);
      else {
        worker.addEventListener("error", (event: { readonly message?: string }) =>
          listener(new Error(event.message ?? "it could not be loaded")),
        );
      }
    },
    close: () => void worker.terminate?.(),
  };
}

/** In a thread: the end that leads to whoever started it. */
export function parentPort(): Port {
  const parent = nodeModule("node:worker_threads")?.parentPort ?? (globalThis as unknown as PageWorker);
  return portOf(parent as AnyWorker);
}

/**
 * A thread that runs the text of a script, which needs no file: a bundler has nothing to find.
 * @throws UnsupportedError where there are no threads
 */
export function startThread(script: string): AnyWorker {
  const ofNode = nodeModule("node:worker_threads");
  if (ofNode !== undefined) {
    const worker = new ofNode.Worker(script, { eval: true });
    // As a thread of a page, it does not keep the program from ending.
    worker.unref();
    return worker as unknown as AnyWorker;
  }
  const { Worker } = globalThis as { readonly Worker?: new (url: string) => PageWorker };
  if (Worker === undefined) throw new UnsupportedError("worker: there are no threads here; use the PPO of proximal");
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return new Worker(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
