// Signals, as they are counted and answered.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Interruption } from "../../src/cli/interruption.ts";

/** What listens to each signal, in place of the process. */
const listeners = new Map<string | symbol, () => void>();
let now = 0;

/** The tests run in a process that is listened to, which these are not about. */
const own = ["send", "connected"].map((name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const);
const set = (name: string, value: unknown) => Object.defineProperty(process, name, { value, configurable: true });

beforeEach(() => {
  listeners.clear();
  for (const [name] of own) set(name, undefined);
  vi.spyOn(process, "on").mockImplementation((signal, listener) => {
    listeners.set(signal, listener);
    return process;
  });
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const [name, descriptor] of own) if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
});

function listen() {
  const said: string[] = [];
  let count = 0;
  const interruption = new Interruption((text) => said.push(text), { stop: () => void count++ });
  const send = (signal: string, milliseconds: number) => {
    now += milliseconds;
    listeners.get(signal)?.();
  };
  return { interruption, said, send, stops: () => count };
}

describe("a process that is listened to", () => {
  it("ends as by SIGHUP once nobody listens any more, and stops once", () => {
    const { interruption, said, stops } = listen();
    listeners.get("disconnect")?.();
    listeners.get("disconnect")?.();
    expect({ exitCode: interruption.exitCode, said, stops: stops() }).toEqual({ exitCode: 129, said: [], stops: 1 });
  });

  it("and where nobody did before it asked", () => {
    set("connected", false);
    expect(listen().interruption.exitCode).toBe(129);
  });

  it("leaves it to the one that listens to say what signals come to", () => {
    set("send", () => true);
    const { interruption, said, send } = listen();
    send("SIGINT", 1000);
    expect({ exitCode: interruption.exitCode, said }).toEqual({ exitCode: 130, said: [] });
  });
});

describe("a signal", () => {
  it("is answered the first time, the second, and ends with the third", () => {
    const { interruption, said, send, stops } = listen();
    expect(interruption.exitCode).toBeUndefined();
    send("SIGINT", 1000);
    expect(interruption.exitCode).toBe(130);
    expect(said).toEqual(["SIGINT: stopping after this iteration, then saving"]);
    send("SIGINT", 1000);
    expect(stops()).toBe(1);
    expect(said.slice(1)).toEqual(["still saving; once more ends without, and the last checkpoint stays"]);
    expect(() => send("SIGINT", 1000)).toThrow("exit 130");
  });

  it("that comes twice at once is one", () => {
    const { said, send } = listen();
    send("SIGTERM", 1000);
    for (let more = 0; more < 5; more++) send("SIGTERM", 30);
    expect(said).toHaveLength(1);
    send("SIGTERM", 250);
    expect(said).toHaveLength(2);
  });

  it.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])("%s decides the exit code where it is the first", (signal, exitCode) => {
    const { interruption, send } = listen();
    send(signal, 1000);
    for (const later of ["SIGTERM", "SIGHUP"]) {
      try {
        send(later, 1000);
      } catch (error) {
        expect((error as Error).message).toBe(`exit ${exitCode}`);
      }
    }
    expect(interruption.exitCode).toBe(exitCode);
  });
});
