// Where the files of this repository are: a compiled script lies elsewhere than its source, and both belong to this
// package.

const root = new URL(".", import.meta.resolve("proximal/package.json"));

/** A file or a folder by its path inside the repository. */
export function at(path: string): URL {
  return new URL(path, root);
}
