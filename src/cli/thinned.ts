// A series in bounded memory: elements at even distances, and the last one. What is kept depends on the series alone,
// so that a run that went on has the curve of the run that never stopped.

/** At most so many elements of a series of any length. */
export class Thinned<T> {
  readonly #most: number;
  #kept: T[] = [];
  #last: T | undefined;
  #count = 0;
  /** Of the elements of the series, one of so many is kept. */
  #distance = 1;

  constructor(most: number) {
    this.#most = most;
  }

  add(element: T): void {
    if (this.#count % this.#distance === 0) this.#kept.push(element);
    this.#last = element;
    this.#count++;
    if (this.#kept.length < this.#most) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#distance *= 2;
  }

  /** In the order of the series, its last element included. */
  get elements(): readonly T[] {
    const isLastKept = this.#count === 0 || (this.#count - 1) % this.#distance === 0;
    return isLastKept ? this.#kept : [...this.#kept, this.#last as T];
  }
}
