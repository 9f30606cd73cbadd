// `proximal verify`: trains a run again, in memory, and holds what it left against it, bit by bit.

import { makeVec } from "../envs/make-vec.ts";
import { findSpec } from "../envs/registry.ts";
import { PPO } from "../ppo/agent.ts";
import type { Iteration } from "../ppo/metrics.ts";
import { checksumOf } from "./checksum.ts";
import type { Difference } from "./comparison.ts";
import { Evaluator } from "./evaluations.ts";
import { Interruption } from "./interruption.ts";
import { counted, duration, grouped } from "./numbers.ts";
import { type Arguments, type Command, expectOperands, integerOption } from "./options.ts";
import { type RunConfig, versions } from "./run-config.ts";
import { RunFolder } from "./run-folder.ts";
import { SavedRun } from "./saved-run.ts";
import { standardOutput, type Terminal } from "./terminal.ts";
import { printable } from "./text.ts";

export const verifyCommand: Command = {
  name: "verify",
  operands: "<run>",
  summary: "Trains a run again, in memory, and compares its metrics, checkpoint and policies bit by bit.",
  example: "proximal verify runs/CartPole-v1-seed1",
  options: [
    { flag: "steps", value: "N", meaning: "compare as many steps, and not what comes after", fallback: "all" },
    { flag: "json", meaning: "print one JSON object" },
  ],
};

/** @returns the exit code: 0 where all is the same, 1 where something differs, or that of a signal */
export async function verify(args: Arguments): Promise<number> {
  expectOperands(verifyCommand, args, 1, 1);
  const folder = RunFolder.open(args.operands[0] as string);
  const config = await folder.readConfig();
  const output = standardOutput();
  const isJson = args.options.has("json");
  const most = integerOption(args, "steps", 1) ?? Number.POSITIVE_INFINITY;
  const status = new Status(output, !isJson && output.isTerminal);
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    status.clear();
    process.stderr.write(`${printable(text)}\n`);
  };
  const interruption = new Interruption(note, { first: "stopping after this iteration", second: "still stopping" });
  try {
    noteOrigin(config, note);
    const saved = await SavedRun.read(folder, config);
    const { env, numEnvs, seed, hyperparameters } = config;
    const agent = await PPO.create(await makeVec(env, { numEnvs, seed }), hyperparameters);
    const difference = await trainAgain(agent, config, saved, (iteration) => {
      const { steps, iteration: iterations } = iteration;
      status.show(steps, Math.min(most, saved.iterations * (steps / iterations)));
      return interruption.exitCode !== undefined || steps >= most;
    });
    agent.env.close?.();
    status.clear();
    const { iteration: iterations } = agent;
    if (difference === undefined && interruption.exitCode !== undefined) {
      note(`interrupted; nothing differs in the first ${counted(iterations, "iteration")}`);
      return interruption.exitCode;
    }
    const checksum = checksumOf(agent.policy);
    const isWhole = iterations >= saved.iterations;
    if (difference === undefined && isWhole) for (const remark of saved.remarks) note(remark);
    const verified = difference === undefined;
    if (isJson) {
      output.write(
        `${JSON.stringify({ verified, iterations, of: saved.iterations, checksum, difference: difference ?? null, notes })}\n`,
      );
    } else if (verified) {
      const compared = isWhole
        ? counted(iterations, "iteration")
        : `the first ${grouped(iterations)} of ${counted(saved.iterations, "iteration")}`;
      const text = `verified: same bytes, ${compared}, checksum ${checksum.slice(0, 16)}`;
      output.write(`${output.style("green", text)}\n`);
    } else {
      output.write(`${output.style("red", printable(textOf(difference)))}\n`);
    }
    return verified ? 0 : 1;
  } finally {
    status.clear();
    interruption.stopListening();
  }
}

function textOf({ file, iteration, place, saved, again }: Difference): string {
  return `differs: ${file}, iteration ${iteration}: ${place} is ${saved}, and ${again} when trained again`;
}

/** Says where other numbers are to be expected. */
function noteOrigin(config: RunConfig, note: (text: string) => void): void {
  const { env, versions: made } = config;
  const here = versions(findSpec(env));
  if (made.proximal !== here.proximal)
    note(
      `made by proximal ${made.proximal}, this is ${here.proximal}: the changelog says whether numbers are the same`,
    );
  if (made.requires !== here.requires) note(`made with ${made.requires}, here it is ${here.requires}`);
  if (config.hyperparameters.kernels === "fma")
    note(`of fma kernels, whose bits are those of a machine: made with Node ${made.node} on ${made.platform}`);
}

/**
 * Trains as far as the run went, or to the first difference.
 * @param isOver is told of each iteration, and says whether to stop
 */
async function trainAgain(
  agent: PPO,
  config: RunConfig,
  saved: SavedRun,
  isOver: (iteration: Iteration) => boolean,
): Promise<Difference | undefined> {
  const evaluator = await Evaluator.create(config, []);
  try {
    let difference = saved.compareTensors(agent);
    const last = { untilIteration: saved.iterations, totalSteps: config.totalSteps };
    for (const { untilIteration, totalSteps } of [...(config.earlier ?? []), last]) {
      const training = agent.train({ totalSteps });
      while (difference === undefined && agent.iteration < Math.min(untilIteration, saved.iterations)) {
        const { value: iteration } = await training.next();
        if (iteration === undefined) break;
        difference = saved.compare(agent, iteration, evaluator);
        if (isOver(iteration) && agent.iteration < saved.iterations) return difference;
      }
    }
    return difference ?? saved.compareEnd(agent);
  } finally {
    evaluator?.close();
  }
}

/** How far it is, on one line of a terminal. */
class Status {
  readonly #output: Terminal;
  readonly #isShown: boolean;
  readonly #start = performance.now();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(output: Terminal, isShown: boolean) {
    this.#output = output;
    this.#isShown = isShown;
  }

  /** At most ten times a second. */
  show(steps: number, totalSteps: number): void {
    const now = performance.now();
    if (!this.#isShown || now - this.#drawnAt < 100) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const stepsPerSecond = (1000 * steps) / (now - this.#start);
    const text = [
      `${grouped(steps)} of ${grouped(totalSteps)} steps the same`,
      `${grouped(stepsPerSecond)} steps/s`,
      `${duration((totalSteps - steps) / stepsPerSecond)} left`,
    ].join(" · ");
    this.#output.write(`\r\x1b[K${text.slice(0, this.#output.width - 3)}`);
  }

  clear(): void {
    if (this.#isDrawn) this.#output.write("\r\x1b[K");
    this.#isDrawn = false;
  }
}
