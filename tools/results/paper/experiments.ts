// The experiments of the paper of PPO (Schulman, Wolski, Dhariwal, Radford and Klimov, 2017, arXiv 1707.06347) on
// MuJoCo: those of its table 1, and A2C beside PPO as in its figure 3.

import type { Training } from "../training.ts";

/** What its experiments differ in. */
export interface Setting {
  /** Of its folder. */
  readonly name: string;
  /** As the paper writes it. */
  readonly label: string;
  /** What `proximal train` is given beside the paper's preset. */
  readonly options: readonly string[];
  /** Its score in table 1; of what is not there undefined. */
  readonly score?: number;
}

/** One setting on one task. */
export interface Experiment extends Training {
  readonly setting: Setting;
}

const clip = (epsilon: number, score: number): Setting => ({
  name: `clip-${epsilon}`,
  label: `clipping, ε = ${epsilon}`,
  options: ["--clip-range", `${epsilon}`],
  score,
});
const adaptive = (target: number, score: number): Setting => ({
  name: `adaptive-kl-${target}`,
  label: `adaptive KL, d_targ = ${target}`,
  options: ["--objective", "adaptive-kl", "--kl-penalty-target", `${target}`],
  score,
});
const fixed = (beta: number, score: number): Setting => ({
  name: `fixed-kl-${beta}`,
  label: `fixed KL, β = ${beta}`,
  options: ["--objective", "fixed-kl", "--kl-penalty", `${beta}`],
  score,
});

/** In the order of table 1. */
export const objectives: readonly Setting[] = [
  { name: "none", label: "no clipping or penalty", options: ["--objective", "none"], score: -0.39 },
  ...[clip(0.1, 0.76), clip(0.2, 0.82), clip(0.3, 0.7)],
  ...[adaptive(0.003, 0.68), adaptive(0.01, 0.74), adaptive(0.03, 0.71)],
  ...[fixed(0.3, 0.62), fixed(1, 0.71), fixed(3, 0.72), fixed(10, 0.69)],
];

/** PPO as it stands in figure 3. */
export const ppo = objectives.find(({ name }) => name === "clip-0.2") as Setting;

/** A2C as OpenAI's baselines have it, with Adam in place of RMSProp: one step along the gradient of each batch. */
export const a2c: Setting = {
  name: "a2c",
  label: "A2C",
  options: [
    ...["--objective", "none", "--num-epochs", "1", "--num-minibatches", "1", "--normalize-advantages", "none"],
    ...["--num-envs", "16", "--num-steps", "5", "--gae-lambda", "1", "--value-coefficient", "1"],
    ...["--learning-rate", "7e-4", "--anneal-learning-rate", "--max-grad-norm", "0.5"],
  ],
};

/** The tasks of both, in their fourth versions. */
export const environments = [
  ...["HalfCheetah-v4", "Hopper-v4", "InvertedDoublePendulum-v4", "InvertedPendulum-v4", "Reacher-v4", "Swimmer-v4"],
  "Walker2d-v4",
] as const;

/** By how many seeds the paper has each. */
export const SEEDS = 3;

export const experiments: readonly Experiment[] = [...objectives, a2c].flatMap((setting) =>
  environments.map((env) => ({
    ...{ name: `paper/${setting.name}/${env}`, env, totalSteps: 1_000_000, setting },
    options: ["--preset", "paper", ...setting.options],
    // Of those in figure 3 there is a curve, of the others the end counts.
    lines: setting === ppo || setting === a2c ? 64 : 8,
  })),
);
