// Signals, as they are counted and answered.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Interruption } from "../../src/cli/interruption.ts";

/** What listens to each signal, in place of the process. */
const listeners = new Map<string | symbol, () => void>();
let now = 0;

beforeEach(() => {
  listeners.clear();
  vi.spyOn(process, "on").mockImplementation((signal, listener) => {
    listeners.set(signal, listener);
    return process;
  });
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

function listen() {
  const said: string[] = [];
  const interruption = new Interruption((text) => said.push(text));
  const send = (signal: string, milliseconds: number) => {
    now += milliseconds;
    listeners.get(signal)?.();
  };
  return { interruption, said, send };
}

describe("a signal", () => {
  it("is answered the first time, the second, and ends with the third", () => {
    const { interruption, said, send } = listen();
    expect(interruption.exitCode).toBeUndefined();
    send("SIGINT", 1000);
    expect(interruption.exitCode).toBe(130);
    expect(said).toEqual(["SIGINT: stopping after this iteration, then saving"]);
    send("SIGINT", 1000);
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
