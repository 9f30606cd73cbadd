// Signals while a training runs. The first asks it to end with the iteration that is under way and to save, the second
// is told that this is being done, the third ends the process as it stands.

/** A process manager may pass on a signal that the terminal has sent already: within so many milliseconds it is one. */
const ONE_SIGNAL = 200;

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

interface Answers {
  readonly first: string;
  readonly second: string;
}

const ofTraining: Answers = {
  first: "stopping after this iteration, then saving",
  second: "still saving; once more ends without, and the last checkpoint stays",
};

/** Listens to signals. */
export class Interruption {
  /** What the process has to exit with; undefined while no signal has come. */
  exitCode: number | undefined;
  readonly #say: (text: string) => void;
  readonly #answers: Answers;
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #signals = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /**
   * @param say is given an answer for each signal
   * @param answers to the first, after its name, and to the second
   */
  constructor(say: (text: string) => void, answers: Answers = ofTraining) {
    this.#say = say;
    this.#answers = answers;
    for (const [signal, exitCode] of Object.entries(exitCodes)) {
      const listener = () => this.#answer(signal, exitCode);
      this.#listeners.set(signal as NodeJS.Signals, listener);
      process.on(signal, listener);
    }
  }

  /** From here on a signal ends the process. */
  stopListening(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  #answer(signal: string, exitCode: number): void {
    const now = performance.now();
    if (now - this.#lastAt < ONE_SIGNAL) return;
    this.#lastAt = now;
    this.#signals++;
    if (this.#signals === 3) process.exit(this.exitCode);
    this.exitCode ??= exitCode;
    this.#say(this.#signals === 1 ? `${signal}: ${this.#answers.first}` : this.#answers.second);
  }
}
