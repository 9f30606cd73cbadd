// Signals while a training runs. The first asks it to end with the iteration that is under way and to save, the second
// is told that this is being done, the third ends the process as it stands. A process that another one started and
// listens to (`child_process.fork`) ends as by SIGHUP once that is gone or listens no more.

/** A process manager may pass on a signal that the terminal has sent already: within so many milliseconds it is one. */
const ONE_SIGNAL = 200;

const exitCodes: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The signal by which a training of ours was interrupted that ended so; undefined where it ended otherwise. */
export function interruptedBy(exitCode: number | null, signal: string | null): string | undefined {
  return Object.keys(exitCodes).find((name) => name === signal || exitCodes[name] === exitCode);
}

/** What a signal comes to. */
interface Answers {
  /** Said of the first, after its name, and of the second. */
  readonly first: string;
  readonly second: string;
  /** Done at the first. */
  stop(): void;
}

const ofTraining: Answers = {
  first: "stopping after this iteration, then saving",
  second: "still saving; once more ends without, and the last checkpoint stays",
  stop: () => {},
};

/** Listens to signals. */
export class Interruption {
  /** What the process has to exit with; undefined while no signal has come. */
  exitCode: number | undefined;
  /** Says something of how it goes, to whoever the answers are for. */
  readonly say: (text: string) => void;
  readonly #answers: Answers;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #signals = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /**
   * @param say is given an answer for each signal, unless the process is listened to: the one that does says it then
   * @param answers where they are others than those of a run that trains
   */
  constructor(say: (text: string) => void, answers: Partial<Answers> = {}) {
    this.say = process.send === undefined ? say : () => {};
    this.#answers = { ...ofTraining, ...answers };
    for (const [signal, exitCode] of Object.entries(exitCodes)) {
      const listener = () => this.#answer(signal, exitCode);
      this.#listeners.set(signal as NodeJS.Signals, listener);
      process.on(signal, listener);
    }
    process.on("disconnect", this.#hangUp);
    // It may have been before now; of a process to which nobody ever listened this is undefined.
    if (process.connected === false) this.#hangUp();
  }

  /** From here on a signal ends the process. */
  stopListening(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
    process.off("disconnect", this.#hangUp);
  }

  readonly #hangUp = (): void => this.#stop(exitCodes.SIGHUP as number);

  #stop(exitCode: number): void {
    if (this.exitCode !== undefined) return;
    this.exitCode = exitCode;
    this.#answers.stop();
  }

  #answer(signal: string, exitCode: number): void {
    const now = performance.now();
    if (now - this.#lastAt < ONE_SIGNAL) return;
    this.#lastAt = now;
    this.#signals++;
    if (this.#signals === 3) process.exit(this.exitCode);
    this.#stop(exitCode);
    this.say(this.#signals === 1 ? `${signal}: ${this.#answers.first}` : this.#answers.second);
  }
}
