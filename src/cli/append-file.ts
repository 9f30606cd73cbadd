// A file that grows while a run trains.

import { closeSync, fsyncSync, openSync, writeFileSync } from "node:fs";
import { fileError } from "../io/files.ts";

/** A file to whose end is written; it is there from the first time on. What fails is a FileFormatError. */
export class AppendFile {
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  append(contents: string | Uint8Array): void {
    this.#attempt(() => {
      this.#file ??= openSync(this.#path, "a");
      // Unlike writeSync it goes on until all of it is written.
      writeFileSync(this.#file, contents);
    });
  }

  /** What was written cannot be lost any more. */
  flush(): void {
    const file = this.#file;
    if (file !== undefined) this.#attempt(() => fsyncSync(file));
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#attempt(() => closeSync(file));
  }

  #attempt(body: () => void): void {
    try {
      body();
    } catch (error) {
      throw fileError(this.#path, "cannot be written", error);
    }
  }
}
