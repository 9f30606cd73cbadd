// What is measured of each JavaScript peer, and of proximal in the same way.

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** What multiplies a matrix [m, k] by one [k, n]. */
  product(m: number, k: number, n: number): () => unknown;
  /** Forward, backward and Adam of a 4-64-64-2 tanh network on 64 rows. */
  trainStep?(): unknown;
  /** An observation in, an action out, by a network of that kind. */
  act?(): unknown;
}
