// The tasks of results/, what each is to come to, and what others have published for it.
//
// A figure is of the environment's version beside it, and of what its system looked at: returns of training, where
// actions are drawn, or episodes that only evaluate. The two are not the same figure.

import type { Training } from "./training.ts";

/** What somebody has published. */
interface Anchor {
  readonly system: System;
  /** Of the environment. */
  readonly version: string;
  readonly steps: number;
  readonly seeds: number;
  /** A mean return; over seeds where there are several. */
  readonly figure: number;
  /** As published: over seeds, or over episodes where there is one seed. */
  readonly deviation?: number;
  /** The figure of each seed, where that is published. */
  readonly bySeed?: readonly number[];
}

/** A mean over seeds that is to be passed by so many steps, no more than a run has. */
interface Goal {
  readonly steps: number;
  readonly figure: number;
  /** Whose figure that is. */
  readonly from: string;
}

export interface Task extends Training {
  /** The mean return of uniformly drawn actions, by tools/results/random.ts; undefined where it was not measured. */
  readonly random?: number;
  /** The seeds on which hyper-parameters were chosen, and which are not reported. */
  readonly tuned?: string;
  readonly goals: readonly Goal[];
  readonly anchors: readonly Anchor[];
}

const DRAWN = "training returns";

/** How each system looks, and where it says what. */
export const systems = {
  CleanRL: { evaluation: DRAWN, source: "vwxyzjn/cleanrl: docs/benchmark/ppo.md" },
  "CleanRL, 8 M": { evaluation: DRAWN, source: "vwxyzjn/cleanrl: docs/rl-algorithms/rpo.md" },
  "CleanRL's RPO": { evaluation: DRAWN, source: "vwxyzjn/cleanrl: docs/rl-algorithms/rpo.md" },
  "OpenAI baselines": { evaluation: DRAWN, source: "openai/baselines: benchmarks_mujoco1M.htm" },
  "OpenAI baselines, run again": { evaluation: DRAWN, source: "vwxyzjn/cleanrl: docs/rl-algorithms/ppo.md" },
  "Stable-Baselines3 zoo": { evaluation: "deterministic evaluation", source: "DLR-RM/rl-baselines3-zoo: benchmark.md" },
  "Stable-Baselines3 zoo, Atari": { evaluation: "evaluation", source: "DLR-RM/rl-baselines3-zoo: benchmark.md" },
  "SLM-Lab": { evaluation: `${DRAWN}, moving average`, source: "kengz/SLM-Lab: docs/BENCHMARKS.md" },
  Tianshou: {
    evaluation: "evaluation, 10 episodes a seed, the best point of training",
    source: "thu-ml/tianshou: examples/mujoco/README.md",
  },
  "Tianshou v2": {
    evaluation: "evaluation",
    source: "thu-ml/tianshou: docs/_static/js/mujoco/benchmark/Ant-v4/results.json",
  },
  "Tianshou v2, best point": {
    evaluation: "evaluation, the best point of training",
    source: "thu-ml/tianshou: docs/_static/js/mujoco/benchmark/Ant-v4/results.json",
  },
  "Spinning Up": { evaluation: `${DRAWN}, read off a plot`, source: "openai/spinningup: docs/spinningup/bench.rst" },
  "Sample Factory": {
    evaluation: "the best model of all seeds, 10 episodes",
    source: "alex-petrenko/sample-factory: docs/09-environment-integrations/mujoco.md",
  },
  rl_games: { evaluation: "not stated", source: "Denys88/rl_games: docs/ENVPOOL.md" },
  "PPO paper": { evaluation: `${DRAWN}, read off Figure 3`, source: "arXiv 1707.06347" },
  "PPO paper, Table 6": { evaluation: DRAWN, source: "arXiv 1707.06347" },
  gymnax: { evaluation: "not stated", source: "RobertTLange/gymnax: README.md" },
} as const satisfies Readonly<Record<string, { readonly evaluation: string; readonly source: string }>>;

type System = keyof typeof systems;

const K = 1000;
const M = 1_000_000;

/** A row of published figures: the version of the environment, steps, seeds, mean, deviation. */
function by(system: System, version: string, steps: number, seeds: number, figure: number, deviation?: number): Anchor {
  return { system, version, steps, seeds, figure, ...(deviation !== undefined && { deviation }) };
}

const zoo = (version: string, steps: number, figure: number, deviation: number) =>
  by("Stable-Baselines3 zoo", version, steps, 1, figure, deviation);
const slm = (version: string, steps: number, figure: number) => by("SLM-Lab", version, steps, 4, figure);
const tianshou = (version: string, first: [number, number], second?: [number, number]) => [
  by("Tianshou", version, M, 10, ...first),
  ...(second === undefined ? [] : [by("Tianshou", version, 3 * M, 10, ...second)]),
];
const cleanRL = (figure: number, deviation: number, steps = M) => by("CleanRL", "v4", steps, 3, figure, deviation);
const cleanRL8 = (figure: number, deviation: number, version = "v4") =>
  by("CleanRL, 8 M", version, 8 * M, 10, figure, deviation);
const baselines = (figure: number) => by("OpenAI baselines", "v2", M, 6, figure);
const paper = (figure: number) => by("PPO paper", "v1", M, 3, figure);
const gymnax = (steps: number, figure: number) => by("gymnax", "its own", steps, 1, figure);
const sampleFactory = (figure: number, deviation?: number) => by("Sample Factory", "v4", 10 * M, 10, figure, deviation);

const mujoco: readonly Task[] = [
  {
    ...{ name: "HalfCheetah-v4", env: "HalfCheetah-v4", totalSteps: 3 * M, random: -277.4, tuned: "101 to 106" },
    goals: [
      { steps: 1.5 * M, figure: 6006, from: "set for this page" },
      { steps: 3 * M, figure: 7337, from: "Tianshou at 3 M" },
    ],
    anchors: [
      ...tianshou("v3", [5783.9, 1244], [7337.4, 1508.2]),
      ...[cleanRL(1442.64, 46.03), cleanRL8(2637.19, 1068.49), baselines(1668.58), paper(1800)],
      ...[zoo("v3", M, 5819.099, 663.53), by("Spinning Up", "v3", 3 * M, 10, 3262), slm("v5", 10 * M, 6240.68)],
      ...[sampleFactory(6263, 67), by("rl_games", "v5", 10 * M, 1, 1688)],
    ],
  },
  {
    ...{ name: "Hopper-v4", env: "Hopper-v4", totalSteps: 3 * M, random: 19.31, tuned: "101 and 102" },
    goals: [
      { steps: M, figure: 2609, from: "Tianshou at 1 M" },
      { steps: 3 * M, figure: 3128, from: "Tianshou at 3 M" },
    ],
    anchors: [
      ...tianshou("v3", [2609.3, 700.8], [3127.7, 413]),
      ...[cleanRL(2382.86, 271.74), cleanRL8(2741.42, 269.11), baselines(2316.16), paper(2330)],
      ...[zoo("v3", M, 2410.435, 10.026), by("Spinning Up", "v3", 3 * M, 10, 2477), slm("v5", 4 * M, 1653.74)],
      ...[sampleFactory(2793, 643), by("rl_games", "v5", 10 * M, 1, 3485)],
    ],
  },
  {
    ...{ name: "Walker2d-v4", env: "Walker2d-v4", totalSteps: 3 * M, random: 2.622, tuned: "101" },
    goals: [
      { steps: M, figure: 3589, from: "Tianshou at 1 M" },
      { steps: 3 * M, figure: 4896, from: "Tianshou at 3 M" },
    ],
    anchors: [
      ...tianshou("v3", [3588.5, 756.6], [4895.6, 704.3]),
      ...[cleanRL(2287.95, 571.78), cleanRL8(2872.92, 690.53), baselines(3424.95), paper(3460)],
      ...[zoo("v3", M, 3478.798, 821.708), by("Spinning Up", "v3", 3 * M, 10, 2595), slm("v5", 10 * M, 4378.62)],
      ...[sampleFactory(5488, 49), by("rl_games", "v5", 10 * M, 1, 5186)],
    ],
  },
  {
    ...{ name: "Ant-v4", env: "Ant-v4", totalSteps: 3 * M, random: -42.53, tuned: "101" },
    goals: [
      { steps: M, figure: 1023, from: "Tianshou v2 at 1 M" },
      { steps: 3 * M, figure: 3457, from: "Tianshou v2, its best point" },
    ],
    anchors: [
      ...[by("Tianshou v2", "v4", M, 5, 1023, 230), by("Tianshou v2", "v4", 3 * M, 5, 3298, 252)],
      ...[by("Tianshou v2, best point", "v4", 3 * M, 5, 3457)],
      ...tianshou("v3", [3258.4, 1079.3], [4079.3, 880.2]),
      ...[cleanRL8(1824.17, 905.78), zoo("v3", M, 1327.158, 451.577), by("Spinning Up", "v3", 3 * M, 10, 2963)],
      ...[slm("v5", 10 * M, 2138.28), sampleFactory(5876, 167), by("rl_games", "v5", 10 * M, 1, 4429)],
    ],
  },
  {
    ...{ name: "Humanoid-v4", env: "Humanoid-v4", totalSteps: 3 * M, random: 116.3 },
    goals: [
      { steps: M, figure: 926, from: "set for this page" },
      { steps: 3 * M, figure: 1360, from: "Tianshou at 3 M" },
    ],
    anchors: [
      ...tianshou("v3", [787.1, 193.5], [1359.7, 572.7]),
      ...[cleanRL(716.11, 49.08), cleanRL8(583.17, 27.88), slm("v5", 10 * M, 2661.26), sampleFactory(5439, 1314)],
    ],
  },
  {
    ...{ name: "Swimmer-v4", env: "Swimmer-v4", totalSteps: M, random: 0.006388 },
    goals: [{ steps: M, figure: 281.6, from: "Stable-Baselines3 zoo at 1 M" }],
    anchors: [
      ...tianshou("v3", [66.7, 99.1], [81.4, 96]),
      ...[cleanRL8(124.88, 22.24), baselines(111.19), paper(108), zoo("v3", M, 281.561, 9.671)],
      ...[by("Spinning Up", "v3", 3 * M, 10, 117), slm("v5", 4 * M, 282.44), sampleFactory(117)],
    ],
  },
  {
    ...{ name: "Reacher-v4", env: "Reacher-v4", totalSteps: M, random: -43.49 },
    goals: [{ steps: M, figure: -4.1, from: "Tianshou at 1 M" }],
    anchors: [
      ...tianshou("v2", [-4.1, 0.3], [-3.7, 0.3]),
      ...[cleanRL8(-4.65, 0.96), baselines(-6.71), paper(-7), slm("v5", 4 * M, -5.03), sampleFactory(-4.53)],
    ],
  },
  {
    ...{ name: "InvertedPendulum-v4", env: "InvertedPendulum-v4", totalSteps: M, random: 6.14 },
    goals: [{ steps: M, figure: 1000, from: "Tianshou at 1 M" }],
    anchors: [
      ...tianshou("v2", [1000, 0]),
      ...[cleanRL(963.09, 22.2), cleanRL8(888.83, 34.66), baselines(809.43), paper(1000)],
      ...[slm("v5", 10 * M, 949.94), sampleFactory(1000)],
    ],
  },
  {
    ...{ name: "InvertedDoublePendulum-v4", env: "InvertedDoublePendulum-v4", totalSteps: M, random: 58.04 },
    goals: [{ steps: M, figure: 9231.3, from: "Tianshou at 1 M" }],
    anchors: [
      ...tianshou("v2", [9231.3, 270.4]),
      ...[cleanRL8(5626.22, 289.23), baselines(7102.91), paper(8000), slm("v5", 10 * M, 8383.76), sampleFactory(9350)],
    ],
  },
  {
    ...{ name: "Pusher-v4", env: "Pusher-v4", totalSteps: M, random: -149.8 },
    goals: [{ steps: M, figure: -40.38, from: "CleanRL at 1 M" }],
    anchors: [cleanRL(-40.38, 7.15), cleanRL8(-30.35, 6.43), slm("v5", 4 * M, -49.59)],
  },
  {
    ...{ name: "HumanoidStandup-v4", env: "HumanoidStandup-v4", totalSteps: 4 * M, random: 32840 },
    goals: [{ steps: 4 * M, figure: 150104.59, from: "SLM-Lab at 4 M" }],
    anchors: [cleanRL8(109325.87, 16161.71), slm("v5", 4 * M, 150104.59)],
  },
];

const classicControl: readonly Task[] = [
  {
    ...{
      name: "CartPole-v1",
      env: "CartPole-v1",
      totalSteps: 100 * K,
      random: 20.67,
      tuned: "1 to 60, before there was this page",
    },
    goals: [{ steps: 100 * K, figure: 500, from: "Stable-Baselines3 zoo at 100 k" }],
    anchors: [
      ...[by("CleanRL", "v1", 500 * K, 3, 490.04, 6.12)],
      ...[by("OpenAI baselines, run again", "v1", 500 * K, 3, 497.54, 4.02)],
      ...[zoo("v1", 100 * K, 500, 0), slm("v1", 200 * K, 498.94)],
    ],
  },
  {
    ...{ name: "Acrobot-v1", env: "Acrobot-v1", totalSteps: M, random: -499.5, tuned: "101 to 104" },
    goals: [
      { steps: 300 * K, figure: -81.28, from: "SLM-Lab at 300 k" },
      { steps: M, figure: -73.506, from: "Stable-Baselines3 zoo at 1 M" },
    ],
    anchors: [
      ...[by("CleanRL", "v1", 500 * K, 3, -86.36, 1.32)],
      ...[by("OpenAI baselines, run again", "v1", 500 * K, 3, -81.82, 5.58)],
      ...[zoo("v1", M, -73.506, 18.201), slm("v1", 300 * K, -81.28)],
    ],
  },
  {
    ...{ name: "MountainCar-v0", env: "MountainCar-v0", totalSteps: M, random: -200, tuned: "101 to 104" },
    goals: [{ steps: M, figure: -110.423, from: "Stable-Baselines3 zoo at 1 M" }],
    anchors: [
      ...[by("CleanRL", "v0", 500 * K, 3, -200, 0), by("OpenAI baselines, run again", "v0", 500 * K, 3, -200, 0)],
      zoo("v0", M, -110.423, 19.473),
    ],
  },
  {
    ...{
      name: "MountainCarContinuous-v0",
      env: "MountainCarContinuous-v0",
      totalSteps: 20 * K,
      random: -33.34,
      tuned: "101 to 124 and 201 to 260",
    },
    goals: [{ steps: 20 * K, figure: 88.343, from: "Stable-Baselines3 zoo at 20 k" }],
    anchors: [zoo("v0", 20 * K, 88.343, 2.572)],
  },
  {
    ...{ name: "Pendulum-v1", env: "Pendulum-v1", totalSteps: 300 * K, random: -1192, tuned: "101 to 120" },
    goals: [
      { steps: 100 * K, figure: -172.225, from: "Stable-Baselines3 zoo at 100 k" },
      { steps: 300 * K, figure: -151.08, from: "CleanRL's RPO at 8 M" },
    ],
    anchors: [
      ...[zoo("v1", 100 * K, -172.225, 104.159), slm("v1", 300 * K, -174.87), cleanRL8(-1141.98, 135.55, "v1")],
      by("CleanRL's RPO", "v1", 8 * M, 10, -151.08, 3.73),
    ],
  },
];

const box2d: readonly Task[] = [
  {
    ...{ name: "LunarLander-v3", env: "LunarLander-v3", totalSteps: M, random: -180.6, tuned: "101 to 104" },
    goals: [
      { steps: 300 * K, figure: 183.3, from: "SLM-Lab at 300 k" },
      { steps: M, figure: 242.119, from: "Stable-Baselines3 zoo at 1 M" },
    ],
    anchors: [zoo("v2", M, 242.119, 31.823), slm("v3", 300 * K, 183.3)],
  },
  {
    ...{
      name: "LunarLanderContinuous-v3",
      env: "LunarLanderContinuous-v3",
      totalSteps: M,
      random: -240.4,
      tuned: "101 to 104",
    },
    goals: [
      { steps: 300 * K, figure: 132.58, from: "SLM-Lab at 300 k" },
      { steps: M, figure: 270.863, from: "Stable-Baselines3 zoo at 1 M" },
    ],
    anchors: [zoo("v2", M, 270.863, 32.072), slm("v3", 300 * K, 132.58)],
  },
  {
    ...{ name: "BipedalWalker-v3", env: "BipedalWalker-v3", totalSteps: 5 * M, random: -100.7 },
    goals: [{ steps: 5 * M, figure: 287.939, from: "Stable-Baselines3 zoo at 5 M" }],
    anchors: [
      ...[zoo("v3", 5 * M, 287.939, 2.448), cleanRL8(172.12, 96.05, "v3")],
      by("CleanRL's RPO", "v3", 8 * M, 10, 227.11, 18.23),
    ],
  },
  {
    ...{ name: "BipedalWalkerHardcore-v3", env: "BipedalWalkerHardcore-v3", totalSteps: 100 * M, random: -107.7 },
    goals: [{ steps: 100 * M, figure: 122.374, from: "Stable-Baselines3 zoo at 100 M" }],
    anchors: [zoo("v3", 100 * M, 122.374, 117.605)],
  },
];

const miniature = (game: string, figure: number, random: number): Task => ({
  ...{ name: `MinAtar-${game}`, env: `MinAtar/${game}-v1`, totalSteps: 10 * M, random },
  goals: [{ steps: 10 * M, figure, from: "gymnax at 10 M" }],
  anchors: [gymnax(10 * M, figure)],
});

const games: readonly Task[] = [
  ...[
    miniature("Asterix", 15, 0.48),
    miniature("Breakout", 28, 0.31),
    miniature("Freeway", 58, 0.39),
    miniature("SpaceInvaders", 131, 4.72),
  ],
  {
    ...{ name: "Pong", env: "gymnasium:ALE/Pong-v5", totalSteps: 10 * M },
    goals: [{ steps: 10 * M, figure: 20.7, from: "the PPO paper at 10 M" }],
    anchors: [
      ...[
        by("PPO paper, Table 6", "NoFrameskip-v0", 10 * M, 3, 20.7),
        by("CleanRL", "NoFrameskip-v4", 10 * M, 3, 20.36, 0.2),
      ],
      by("Stable-Baselines3 zoo, Atari", "NoFrameskip-v4", 10 * M, 1, 20.989, 0.105),
    ],
  },
];

/** What all of them were run on. */
export const hardware = "two cores of an Intel Xeon processor, several runs and other work side by side";

/** In the order of the page, each evaluated six times, and with its figures where a goal or an anchor is. */
export const tasks: readonly Task[] = [...mujoco, ...classicControl, ...box2d, ...games].map((task) => ({
  ...task,
  evaluations: 6,
  at: [...task.goals, ...task.anchors].map(({ steps }) => steps),
}));
