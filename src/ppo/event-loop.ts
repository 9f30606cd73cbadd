// A turn of the event loop. An async iterator that only ever awaits settled promises would starve timers, signals and
// the page.

/** Resolves after everything that waits has had its turn. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // Browsers hold setTimeout back to 4 ms, not messages.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
