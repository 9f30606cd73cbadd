// `proximal watch`: a policy as it plays, on the terminal or as a picture that moves.

import { setTimeout } from "node:timers/promises";
import { ConfigurationError } from "../base/errors.ts";
import { meanOf } from "../base/statistics.ts";
import { type AnyEnv, type EnvSpec, isOver } from "../envs/env.ts";
import { make } from "../envs/registry.ts";
import { Player } from "../ppo/evaluate.ts";
import { stride } from "../render/animation.ts";
import { shortNumber } from "./chart.ts";
import { chosenPolicy, policyOptions } from "./chosen-policy.ts";
import { Interruption } from "./interruption.ts";
import { counted } from "./numbers.ts";
import { type Arguments, type Command, expectOperands, integerOption, textOption } from "./options.ts";
import { describeRecording, expectRender, paceOf, RECORDED_STEPS, Recorder, writeEpisode } from "./recorder.ts";
import { Screen } from "./screen.ts";
import { standardOutput, type Terminal } from "./terminal.ts";
import { terminalScene } from "./terminal-scene.ts";

export const watchCommand: Command = {
  name: "watch",
  operands: "<run>",
  summary: "Shows a policy as it plays, of a run's folder or a file: on the terminal, or as an animated SVG.",
  example: "proximal watch runs/CartPole-v1-seed1 --out cartpole.svg",
  options: [
    { flag: "out", value: "FILE", meaning: "write the first episode as an animated SVG instead" },
    { flag: "episodes", value: "N", meaning: "episodes to play", fallback: "until Ctrl-C; 1 with --out" },
    { flag: "max-steps", value: "N", meaning: "go no further in an episode", fallback: `${RECORDED_STEPS} with --out` },
    ...policyOptions,
  ],
};

/** Milliseconds for which the end of an episode stays. */
const REST = 800;

export async function watch(args: Arguments): Promise<number> {
  expectOperands(watchCommand, args, 1, 1);
  const episodes = integerOption(args, "episodes", 1);
  const maxSteps = integerOption(args, "max-steps", 1);
  const out = textOption(args, "out");
  if (out !== undefined && (episodes ?? 1) !== 1)
    throw new ConfigurationError(`--episodes: ${episodes} do not go into one file; --seed chooses which one does`);
  const output = standardOutput();
  const { policy, spec, seed, deterministic } = await chosenPolicy(args);
  if (out === undefined && (!output.isTerminal || process.env.TERM === "dumb"))
    throw new ConfigurationError("watch: this is no terminal that could show it; --out FILE writes it as an SVG");
  const env = await make<AnyEnv>(spec.id, { seed });
  try {
    expectRender(env, spec.id);
    if (out === undefined) {
      const player = new Player(policy, env, seed, deterministic);
      return await play(player, env, spec, output, { episodes, maxSteps });
    }
    const steps = maxSteps ?? RECORDED_STEPS;
    const recorder = new Recorder(env, spec.id, steps);
    const player = new Player(policy, recorder, seed, deterministic);
    player.begin();
    for (let step = 0; step < steps && recorder.best === undefined; step++) player.step();
    recorder.end();
    output.write(`${describeRecording(await writeEpisode(out, recorder.best, spec))}\n`);
    return 0;
  } finally {
    env.close?.();
  }
}

/** An environment that can be seen. */
type Seen = AnyEnv & Required<Pick<AnyEnv, "render">>;

interface Limits {
  readonly episodes: number | undefined;
  readonly maxSteps: number | undefined;
}

/** Plays on the terminal until all is played or a signal comes. */
async function play(
  player: Player<unknown>,
  env: Seen,
  spec: EnvSpec,
  output: Terminal,
  { episodes = Number.POSITIVE_INFINITY, maxSteps = Number.POSITIVE_INFINITY }: Limits,
): Promise<number> {
  const stop = new AbortController();
  const interruption = new Interruption(() => {}, { stop: () => stop.abort() });
  const screen = new Screen(output);
  const returns: number[] = [];
  const draw = (steps: number, total: number): void => {
    const status = [`episode ${returns.length + 1}`, `step ${steps}`, `return ${shortNumber(total)}`].join("   ");
    const head = output.style("bold", spec.id.slice(0, output.width));
    const room = Math.max(0, output.width - spec.id.length);
    const line = `${head}${`   ${status}   Ctrl-C ends`.slice(0, room)}`;
    screen.draw([...terminalScene(env.render(), output.width, output.height - 1, output.colorDepth), line]);
  };
  try {
    while (returns.length < episodes && !stop.signal.aborted) {
      const total = await playEpisode(player, draw, paceOf(spec), maxSteps, stop.signal);
      if (!stop.signal.aborted) returns.push(total);
    }
  } finally {
    screen.close();
    interruption.stopListening();
  }
  const mean = returns.length === 0 ? "" : `, mean return ${shortNumber(meanOf(returns))}`;
  output.write(`${spec.id}, ${counted(returns.length, "episode")}${mean}\n`);
  return interruption.exitCode ?? 0;
}

/** An episode at its pace, as far as it can be kept. @returns what it was worth, as far as it went */
async function playEpisode(
  player: Player<unknown>,
  draw: (steps: number, total: number) => void,
  pace: number,
  maxSteps: number,
  signal: AbortSignal,
): Promise<number> {
  const wait = (milliseconds: number) => setTimeout(Math.max(0, milliseconds), undefined, { signal }).catch(() => {});
  const every = stride(pace);
  let [steps, total] = [0, 0];
  let isDone = false;
  player.begin();
  draw(steps, total);
  let due = performance.now();
  while (!isDone && !signal.aborted) {
    const result = player.step();
    total += result.score ?? result.reward;
    steps++;
    isDone = isOver(result) || steps >= maxSteps;
    // Who is late does not hurry afterwards.
    due = Math.max(due + 1000 / pace, performance.now() - 1000 / pace);
    await wait(due - performance.now());
    if (isDone || steps % every === 0) draw(steps, total);
  }
  await wait(REST);
  return total;
}
