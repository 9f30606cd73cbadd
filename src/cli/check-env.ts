// `proximal check-env`: what is wrong with an environment, in words.

import { checkConformance } from "../envs/conformance/index.ts";
import type { AnyEnv } from "../envs/env.ts";
import { make } from "../envs/registry.ts";
import { registerEnvironment } from "./families.ts";
import { counted } from "./numbers.ts";
import { type Arguments, type Command, expectOperands, integerOption } from "./options.ts";
import { standardOutput } from "./terminal.ts";
import { printable } from "./text.ts";

export const checkEnvCommand: Command = {
  name: "check-env",
  operands: "<env>",
  summary: "Plays an environment with random actions and says which rules it breaks.",
  example: "proximal check-env ./my-env.js --steps 2000",
  options: [
    {
      flag: "steps",
      value: "N",
      meaning: "random actions; up to four times as many until an episode ends",
      fallback: "1000",
    },
    { flag: "seed", value: "N", meaning: "of the environments and of the actions", fallback: "1" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

/** @returns the exit code: 0 where there are no faults, 1 where there are */
export async function checkEnvironment(args: Arguments): Promise<number> {
  expectOperands(checkEnvCommand, args, 1, 1);
  const seed = integerOption(args, "seed", 0) ?? 1;
  const steps = integerOption(args, "steps", 1) ?? 1000;
  const { id } = await registerEnvironment(args.operands[0] as string);
  const heapUsed = () => process.memoryUsage().heapUsed;
  const findings = await checkConformance(() => make<AnyEnv>(id, { seed }), { seed, steps, heapUsed });
  const faults = findings.filter(({ kind }) => kind === "fault").length;
  const output = standardOutput();
  if (args.options.has("json")) output.write(`${JSON.stringify({ env: id, seed, steps, faults, findings })}\n`);
  else {
    for (const { kind, rule, found, expected } of findings) {
      const title = output.style(kind === "fault" ? "red" : "dim", `${kind}: ${rule}`);
      output.write(`${title}: ${printable(`${found}; ${expected}`)}\n`);
    }
    const summary = `${id}: ${faults === 0 ? "no faults" : counted(faults, "fault")}`;
    output.write(`${output.style(faults === 0 ? "green" : "red", printable(summary))}\n`);
  }
  return faults === 0 ? 0 : 1;
}
