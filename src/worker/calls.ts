// Calls from one thread into another: a method, its arguments, and what it gave or threw.

import * as errors from "../base/errors.ts";
import type { Port } from "./port.ts";

/** What one thread asks of another. */
interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What came of it. */
interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** The side that asks. */
export class Caller {
  readonly #port: Port;
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  #calls = 0;
  /** Why nothing will be answered any more. */
  #end: Error | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#settle(message as Answer));
    port.onFailure((error) => this.end(new errors.UnsupportedError(`worker: ${error.message}`)));
  }

  /** Calls a method of the other side. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const call: Call = { id: ++this.#calls, method, args };
    return new Promise((resolve, reject) => {
      this.#waiting.set(call.id, { resolve, reject });
      this.#port.post(call);
    });
  }

  /** Ends the other side; what is waited for fails with this error. */
  end(error: Error): void {
    this.#end ??= error;
    this.#port.close();
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value as never);
    else waiting?.reject(errorFrom(error));
  }
}

/** What a method gives: a value, and the buffers of it that are handed over rather than copied. */
export interface Given {
  readonly value?: unknown;
  readonly transfer?: ArrayBuffer[];
}

/** The side that answers, one call after the other. */
export function answer(port: Port, methods: Readonly<Record<string, (...args: never[]) => Promise<Given>>>): void {
  let last: Promise<unknown> = Promise.resolve();
  port.onMessage((message) => {
    const { id, method, args } = message as Call;
    last = last.then(async () => {
      try {
        const { value, transfer } = await (methods[method] as (...args: readonly unknown[]) => Promise<Given>)(...args);
        port.post({ id, value }, transfer);
      } catch (error) {
        const { name, message: text } = error as Error;
        port.post({ id, error: { name, message: text } });
      }
    });
  });
}

/** The error of the other side, of the same class where that is one of this library. */
function errorFrom({ name, message }: { readonly name: string; readonly message: string }): Error {
  const known = (errors as unknown as Record<string, new (message: string) => Error>)[name];
  return known === undefined ? Object.assign(new Error(message), { name }) : new known(message);
}
