// By what the parameters of a policy are known.

import { createHash } from "node:crypto";
import type { Policy } from "../ppo/saved-policy.ts";

/** SHA-256 of the parameters' bytes, in the order of the policy's file. */
export function checksumOf(policy: Policy): string {
  const hash = createHash("sha256");
  for (const { data } of policy.tensors) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}
