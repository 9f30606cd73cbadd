// Who learns: proximal, and its peers where they are installed, each as a program that prints how far it is.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { at } from "../repository.ts";

/** How far a training is. */
interface Progress {
  readonly steps: number;
  /** Of the last 100 episodes of training. */
  readonly meanReturn: number;
}

export interface System {
  readonly name: string;
  /** With whose hyper-parameters. */
  readonly settings: string;
  /**
   * What trains an environment by a seed; throws where it is not there.
   * @param folder an empty one, to work in
   */
  command(env: string, seed: number, folder: string): readonly [program: string, ...args: string[]];
  /** Reads the lines that it prints, one after the other; undefined for one that says nothing of this. */
  reader(): (line: string) => Progress | undefined;
}

/** Of fewer a mean return says little. */
const EPISODES = 100;

const python = programOf(process.env.PYTHON ?? "python3");

/** Lines of JSON with these fields and the number of episodes so far, among others. */
function jsonReader(): (line: string) => Progress | undefined {
  return (line) => {
    if (!line.startsWith("{")) return undefined;
    const { steps, meanReturn, episodes = 0 } = JSON.parse(line) as Partial<Progress> & { episodes?: number };
    return steps !== undefined && meanReturn != null && episodes >= EPISODES ? { steps, meanReturn } : undefined;
  };
}

/** CleanRL prints every episode as it ends. */
function episodeReader(): (line: string) => Progress | undefined {
  const returns: number[] = [];
  return (line) => {
    const [, steps, value] = /^global_step=(\d+), episodic_return=\[?\s*(-?[\d.e+]+)/.exec(line) ?? [];
    if (steps === undefined) return undefined;
    returns.push(Number(value));
    if (returns.length > EPISODES) returns.shift();
    if (returns.length < EPISODES) return undefined;
    return { steps: Number(steps), meanReturn: returns.reduce((sum, each) => sum + each, 0) / returns.length };
  };
}

export const systems: readonly System[] = [
  {
    name: "proximal, strict",
    settings: "its preset",
    command: (env, seed, folder) => {
      const program = fileURLToPath(at("bin/proximal.js"));
      return [process.execPath, program, "train", env, "--seed", `${seed}`, "--json", "--out", join(folder, "run")];
    },
    reader: jsonReader,
  },
  {
    name: "Stable-Baselines3",
    settings: "those of its zoo",
    command: (env, seed) => [python, script("stable_baselines3_zoo.py"), env, `${seed}`],
    reader: jsonReader,
  },
  {
    name: "CleanRL",
    settings: "its own",
    command: (env, seed) => {
      const checkout = process.env.CLEANRL;
      if (checkout === undefined) throw new Error("CLEANRL names no checkout of it");
      const isDiscrete = env.startsWith("LunarLander");
      const path = resolve(checkout, isDiscrete ? "cleanrl/ppo.py" : "cleanrl/ppo_continuous_action.py");
      if (!existsSync(path)) throw new Error(`${path} is not there`);
      // The Gymnasium that it needs knows no later one.
      const id = env.replace("LunarLander-v3", "LunarLander-v2");
      const options = ["--env-id", id, "--seed", `${seed}`, "--total-timesteps", "1000000", "--no-cuda"];
      return [programOf(process.env.CLEANRL_PYTHON ?? python), "-u", path, ...options];
    },
    reader: episodeReader,
  },
];

/** What is found by its name stays a name; a path is one of the folder that this was started in. */
function programOf(name: string): string {
  return name.includes("/") ? resolve(name) : name;
}

function script(name: string): string {
  return fileURLToPath(at(`bench/learning/${name}`));
}
