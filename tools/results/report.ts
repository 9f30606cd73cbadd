// Makes the page of results/ and its pictures.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "./files.ts";

/**
 * Writes results/README.md and its pictures.
 * @param root the folder that holds results/
 * @throws FileFormatError in one line, of what is damaged there or does not belong
 */
export async function report(root: string): Promise<void> {
  for (const [path, text] of filesOf(join(root, "results"))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
