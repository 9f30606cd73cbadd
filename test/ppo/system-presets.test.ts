// The presets of other systems, number by number: as they were published, and as a script read them from the sources.

import { describe, expect, it } from "vitest";
import {
  Box,
  ConfigurationError,
  Dict,
  Discrete,
  hyperparameters,
  MultiDiscrete,
  make,
  makeVec,
  PPO,
  presetOf,
  type System,
  type Task,
} from "../../src/index.ts";
import { checkBatch, completeHyperparameters } from "../../src/ppo/hyperparameters.ts";
import { hasPreset, systemNames, tasks } from "../../src/ppo/system-presets.ts";
import published from "../fixtures/published-defaults.json" with { type: "json" };

const { cleanrl, sb3, baselines } = published;

/** Every value of a preset, the defaults that it leaves alone included. */
function valuesOf(system: System, task: Task): Record<string, unknown> {
  const { numEnvs, totalSteps, hyperparameters } = presetOf(system, task);
  return { numEnvs, totalSteps, ...completeHyperparameters(hyperparameters) };
}

const columns = systemNames.flatMap((system) =>
  tasks.filter((task) => hasPreset(system, task)).map((task) => [system, task] as const),
);
const [yes, no, none, all] = [true, false, null, Number.POSITIVE_INFINITY];
const [each, whole] = ["minibatch", "batch"];
const [mlp, cnn] = ["mlp", "nature-cnn"];

// A line a hyper-parameter; discrete, continuous and Atari of
// - CleanRL: ppo.py, ppo_continuous_action.py, ppo_atari.py at fe8d8a0
// - Stable-Baselines3: ppo/ppo.py, common/policies.py at v2.9.2, with CleanRL's steps
// - OpenAI's baselines: ppo2/defaults.py, ppo2/ppo2.py, ppo2/model.py, run.py at ea25b9e, with the paper's 8 for Atari
// and continuous and Atari of
// - the paper (arXiv 1707.06347): tables 3 and 5, section 6.1; where these are silent, baselines' ppo1 at ea25b9e
const [M, T] = [1_000_000, 10_000_000];
const rows: Readonly<Record<string, readonly unknown[]>> = {
  // ------------------ CleanRL ----------- SB3 ---------------- baselines ---------- paper
  totalSteps: [500_000, M, T, /*       */ 500_000, M, T, /* */ M, M, M, /*        */ M, T],
  numEnvs: [4, 1, 8, /*                */ 1, 1, 1, /*       */ 1, 1, 8, /*        */ 1, 8],
  learningRate: [2.5e-4, 3e-4, 2.5e-4, /**/ 3e-4, 3e-4, 3e-4, 3e-4, 3e-4, 2.5e-4, 3e-4, 2.5e-4],
  annealLearningRate: [yes, yes, yes, /**/ no, no, no, /*   */ no, yes, yes, /*   */ no, yes],
  numSteps: [128, 2048, 128, /*        */ 2048, 2048, 2048, 2048, 2048, 128, /*   */ 2048, 128],
  numMinibatches: [4, 32, 4, /*        */ 32, 32, 32, /*    */ 4, 32, 4, /*       */ 32, 4],
  numEpochs: [4, 10, 4, /*             */ 10, 10, 10, /*    */ 4, 10, 4, /*       */ 10, 3],
  clipRange: [0.2, 0.2, 0.1, /*        */ 0.2, 0.2, 0.2, /* */ 0.2, 0.2, 0.1, /*  */ 0.2, 0.1],
  annealClipRange: [no, no, no, /*     */ no, no, no, /*    */ no, no, no, /*     */ no, yes],
  clipValueLoss: [yes, yes, yes, /*    */ no, no, no, /*    */ yes, yes, yes, /*  */ no, no],
  normalizeAdvantages: [each, each, each, each, each, each, each, each, each, whole, whole],
  entropyCoefficient: [0.01, 0, 0.01, /**/ 0, 0, 0, /*      */ 0, 0, 0.01, /*     */ 0, 0.01],
  valueCoefficient: [0.5, 0.5, 0.5, /* */ 1, 1, 1, /*       */ 0.5, 0.5, 0.5, /*  */ 2, 2],
  maxGradNorm: [0.5, 0.5, 0.5, /*      */ 0.5, 0.5, 0.5, /* */ 0.5, 0.5, 0.5, /*  */ all, all],
  network: [mlp, mlp, cnn, /*     */ mlp, mlp, cnn, /* */ mlp, mlp, cnn, /* */ mlp, cnn],
  sharedNetwork: [no, no, yes, /*      */ no, no, yes, /*   */ yes, no, yes, /*   */ no, yes],
  normalizeObservations: [no, yes, no, no, no, no, /*       */ no, yes, no, /*    */ yes, no],
  clipObservations: [10, 10, 10, /*    */ 10, 10, 10, /*    */ 10, 10, 10, /*     */ 5, 10],
  scaleRewards: [no, yes, no, /*       */ no, no, no, /*    */ no, yes, no, /*    */ no, no],
};

/** What all of them have, of what a hyper-parameter can say and its being off cannot. */
const same = {
  ...{ gamma: 0.99, gaeLambda: 0.95, objective: "clip", dualClip: none, recomputeAdvantages: no },
  ...{ adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-5, weightDecay: 0, targetKl: none, desiredKl: none },
  ...{ hiddenSizes: [64, 64], activation: "tanh", actionDistribution: "gaussian", logStd: "learned", initialLogStd: 0 },
  ...{ annealEntropyCoefficient: no, normalizeValues: no, clipRewards: 10 },
};

it("there are as many as the table has columns", () => {
  expect(columns.map(([system, task]) => `${system} ${task}`)).toEqual([
    ...["cleanrl discrete", "cleanrl continuous", "cleanrl atari"],
    ...["sb3 discrete", "sb3 continuous", "sb3 atari"],
    ...["baselines discrete", "baselines continuous", "baselines atari"],
    ...["paper continuous", "paper atari"],
  ]);
});

it.each(Object.entries(rows))("%s is what was published", (name, row) => {
  expect(columns.map((column) => valuesOf(...column)[name])).toEqual(row);
});

it.each(Object.entries(same))("%s is the same in all", (name, value) => {
  for (const column of columns) expect(valuesOf(...column)[name]).toEqual(value);
});

it.each(columns)("%s %s: it has no seed and no kernels, and minibatches that fit", (system, task) => {
  const preset = presetOf(system, task);
  expect(Object.keys(hyperparameters)).toEqual(expect.arrayContaining(Object.keys(preset.hyperparameters)));
  expect(preset.hyperparameters).not.toHaveProperty("seed");
  expect(preset.hyperparameters).not.toHaveProperty("kernels");
  expect(() => checkBatch(completeHyperparameters(preset.hyperparameters), preset.numEnvs, 1)).not.toThrow();
});

describe("as read from the source", () => {
  it.each(tasks)("CleanRL's for a %s task", (task) => {
    const args = cleanrl[task];
    expect(valuesOf("cleanrl", task)).toMatchObject({
      ...{ totalSteps: args.total_timesteps, numEnvs: args.num_envs, numSteps: args.num_steps },
      ...{ learningRate: args.learning_rate, annealLearningRate: args.anneal_lr },
      ...{ numMinibatches: args.num_minibatches, numEpochs: args.update_epochs },
      ...{ gamma: args.gamma, gaeLambda: args.gae_lambda, targetKl: args.target_kl },
      ...{ normalizeAdvantages: args.norm_adv ? "minibatch" : "none" },
      ...{ clipRange: args.clip_coef, clipValueLoss: args.clip_vloss },
      ...{ entropyCoefficient: args.ent_coef, valueCoefficient: args.vf_coef, maxGradNorm: args.max_grad_norm },
    });
  });

  it.each(tasks)("Stable-Baselines3's for a %s task", (task) => {
    const made = sb3[task];
    const isAtari = task === "atari";
    expect(sb3.version).toBe("2.9.2");
    expect(made.learning_rate).toBe(made.lr);
    expect(valuesOf("sb3", task)).toMatchObject({
      ...{ numEnvs: made.n_envs, numSteps: made.n_steps, numEpochs: made.n_epochs },
      ...{ numMinibatches: (made.n_envs * made.n_steps) / made.batch_size },
      ...{ learningRate: made.learning_rate, annealLearningRate: false, annealClipRange: false },
      ...{ gamma: made.gamma, gaeLambda: made.gae_lambda, targetKl: made.target_kl },
      ...{ normalizeAdvantages: made.normalize_advantage ? "minibatch" : "none" },
      ...{ clipRange: made.clip_range, clipValueLoss: made.clip_range_vf !== null },
      // Its value loss is the mean squared error, not half of it.
      ...{ entropyCoefficient: made.ent_coef, valueCoefficient: 2 * made.vf_coef, maxGradNorm: made.max_grad_norm },
      ...{ adamBeta1: made.betas[0], adamBeta2: made.betas[1], adamEpsilon: made.eps, weightDecay: made.weight_decay },
      // Shared is what extracts features: a flat view, or the convolutions.
      sharedNetwork: made.features_extractor === "NatureCNN" && made.share_features_extractor,
      ...(!isAtari && { hiddenSizes: (made.net_arch as { pi: number[] }).pi }),
      activation: made.activation_fn.toLowerCase(),
      initialLogStd: made.log_std_init,
    });
    if (!isAtari) expect(new Set(Object.values(made.net_arch).map(String)).size).toBe(1);
    expect([made.optimizer, made.use_sde, made.learns_log_std]).toEqual(["Adam", false, task === "continuous"]);
  });

  it.each(tasks)("OpenAI's baselines' for a %s task", (task) => {
    const named = { discrete: {}, continuous: baselines.mujoco, atari: baselines.atari }[task];
    const { lr, ...args } = { ...baselines.learn, ...baselines.policy, ...named };
    // A number, or a function of what remains: "lambda f: 0.0003 * f".
    const rate = /^lambda f: (?:f \* )?([\d.]+)(?: \* f)?$/.exec(String(lr))?.[1];
    expect(valuesOf("baselines", task)).toMatchObject({
      ...{ totalSteps: baselines.options.num_timesteps, numSteps: args.nsteps },
      ...{ learningRate: Number(rate ?? lr), annealLearningRate: rate !== undefined },
      ...{ numMinibatches: args.nminibatches, numEpochs: args.noptepochs, gamma: args.gamma, gaeLambda: args.lam },
      ...{ clipRange: args.cliprange, annealClipRange: false },
      ...{ entropyCoefficient: args.ent_coef, valueCoefficient: args.vf_coef, maxGradNorm: args.max_grad_norm },
      hiddenSizes: new Array(baselines.mlp.num_layers).fill(baselines.mlp.num_hidden),
      activation: baselines.mlp.activation.replace("tf.", ""),
      sharedNetwork: args.value_network !== "copy",
      normalizeObservations: task === "continuous" && baselines.VecNormalize.ob,
      clipObservations: baselines.VecNormalize.clipob,
      scaleRewards: task === "continuous" && baselines.VecNormalize.ret,
      clipRewards: baselines.VecNormalize.cliprew,
    });
  });
});

describe("a kind of task", () => {
  const vector = new Box(-1, 1, [3]);
  const frames = new Box(0, 255, [84, 84, 4], "uint8");
  const [buttons, torques] = [new Discrete(2), new Box(-1, 1, [2])];

  it.each([
    [vector, buttons, "discrete"],
    [vector, torques, "continuous"],
    [frames, buttons, "atari"],
    [frames, torques, "atari"],
    [new Box(0, 1, [4, 4]), buttons, "discrete"],
    [new MultiDiscrete([2, 3, 4]), new MultiDiscrete([2, 2]), "discrete"],
    [new Dict({ frames, vector }), torques, "continuous"],
  ] as const)("is told by %s and %s: %s", (observationSpace, actionSpace, task) => {
    expect(presetOf("cleanrl", { observationSpace, actionSpace })).toEqual(presetOf("cleanrl", task));
  });

  it("is that of an environment", async () => {
    expect(presetOf("sb3", await make("CartPole-v1"))).toEqual(presetOf("sb3", "discrete"));
  });
});

describe("what is given", () => {
  it("goes before what the system has, and leaves that as it was", () => {
    const given = presetOf("cleanrl", "discrete", { numEnvs: 2, totalSteps: 9, hyperparameters: { gamma: 0.5 } });
    const { numEnvs, totalSteps, hyperparameters } = presetOf("cleanrl", "discrete");
    expect(given).toEqual({ numEnvs: 2, totalSteps: 9, hyperparameters: { ...hyperparameters, gamma: 0.5 } });
    expect({ numEnvs, totalSteps, gamma: hyperparameters.gamma }).toEqual({
      ...{ numEnvs: 4, totalSteps: 500_000, gamma: 0.99 },
    });
  });

  it.each([
    ["sb3", "discrete", 8, 256, 32],
    ["sb3", "continuous", 1, 64, 1],
    ["sb3", "continuous", 3, 20, 1],
    ["sb3", "atari", 2, 64, 2],
    ["paper", "continuous", 4, 2048, 128],
    ["paper", "atari", 16, 128, 8],
    ["cleanrl", "discrete", 8, 256, 4],
    ["baselines", "continuous", 2, 64, 32],
  ] as const)(
    "decides how many minibatches %s has: %s, %d environments x %d steps",
    (system, task, envs, steps, count) => {
      const given = { numEnvs: envs, hyperparameters: { numSteps: steps } };
      expect(presetOf(system, task, given).hyperparameters.numMinibatches).toBe(count);
      const three = { ...given, hyperparameters: { numSteps: steps, numMinibatches: 3 } };
      expect(presetOf(system, task, three).hyperparameters.numMinibatches).toBe(3);
    },
  );

  it("trains", async () => {
    const hyperparameters = { numSteps: 64, numEpochs: 1 };
    const preset = presetOf("sb3", "discrete", { numEnvs: 2, totalSteps: 128, hyperparameters });
    const { numEnvs, totalSteps } = preset;
    const agent = await PPO.create(await makeVec("CartPole-v1", { numEnvs }), preset.hyperparameters);
    for await (const { steps } of agent.train({ totalSteps })) expect(steps).toBe(128);
    expect(agent.config).toMatchObject({ ...hyperparameters, numMinibatches: 2, valueCoefficient: 1 });
  });
});

it.each<[readonly unknown[], string]>([
  [["sb4", "discrete"], 'unknown preset "sb4"; did you mean sb3?'],
  [["rllib", "discrete"], 'unknown preset "rllib"; there are: cleanrl, sb3, baselines, paper'],
  [["toString", "discrete"], 'unknown preset "toString"; there are: cleanrl, sb3, baselines, paper'],
  [["paper", "discrete"], "preset paper: there is none for a discrete task, only for continuous and atari"],
  [
    ["cleanrl", "HalfCheetah-v4"],
    'presetOf: "HalfCheetah-v4" is no kind of task; it has to be discrete, continuous, atari, or an environment',
  ],
  [
    ["cleanrl", undefined],
    "presetOf: undefined is no kind of task; it has to be discrete, continuous, atari, or an environment",
  ],
  [["sb3", "discrete", { numenvs: 8 }], "presetOf: there is no option numenvs; did you mean numEnvs?"],
  [["sb3", "discrete", { numEnvs: 0.5 }], "numEnvs: 0.5 is not an integer of at least 1"],
  [["sb3", "discrete", { hyperparameters: { numSteps: 0 } }], "numSteps: 0 is not an integer of at least 1"],
  [
    ["sb3", "discrete", { numEnvs: 3, hyperparameters: { numSteps: 100 } }],
    "numMinibatches: sb3 has minibatches of 64, which do not divide the batch of 3 environments x 100 steps = 300; give numMinibatches",
  ],
])("%j is refused", (args, message) => {
  expect(() => presetOf(...(args as Parameters<typeof presetOf>))).toThrow(new ConfigurationError(message));
});
