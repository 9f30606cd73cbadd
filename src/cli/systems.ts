// What there is to say of each system whose presets there are: its name, where its numbers are from, and what no
// hyper-parameter can say. Of the numbers alone a page has a use.

import type { System } from "../ppo/system-presets.ts";

/** What there is to know of a system. */
export interface SystemNotes {
  readonly title: string;
  /** Where its numbers are from: what, at which commit, and in which files. */
  readonly source: string;
  /**
   * What it does otherwise, whatever the hyper-parameters, and what is not its own; one that begins with a kind of task
   * and a colon concerns no other.
   */
  readonly notes: readonly string[];
}

const CUT_OFF = "an episode that is cut off counts as over; here the value of its last observation follows";
const ROUNDED_DOWN = "trains for as many whole iterations as fit into total-steps; here for as many as reach it";

/** By the names that `--preset` takes. */
export const systemNotes: Readonly<Record<System, SystemNotes>> = {
  cleanrl: {
    title: "CleanRL",
    source:
      "github.com/vwxyzjn/cleanrl at fe8d8a0: cleanrl/ppo.py, cleanrl/ppo_continuous_action.py, cleanrl/ppo_atari.py",
    notes: [
      CUT_OFF,
      ROUNDED_DOWN,
      "target-kl ends an update by the last minibatch of an epoch; here by the mean of the epoch",
      "continuous: each environment has its own moments, and those of observations move with every step; here all share them, and those of observations rest within an iteration",
      "continuous: the return by which rewards are scaled runs on where an episode is cut off; here it begins anew",
    ],
  },
  sb3: {
    title: "Stable-Baselines3",
    source:
      "github.com/DLR-RM/stable-baselines3 at v2.9.2: stable_baselines3/ppo/ppo.py, stable_baselines3/common/policies.py",
    notes: [
      "total-steps is an argument of learn; here CleanRL's stand for it",
      "batch_size 64 gives num-minibatches; a batch that 64 does not divide ends there in a smaller minibatch, and is refused here",
      "vf_coef 0.5 is before the mean squared error; value-coefficient 1 is the same before half of it",
      "target-kl ends an update before the first minibatch whose divergence is above 1.5 times it; here after an epoch whose mean is above it",
    ],
  },
  baselines: {
    title: "OpenAI baselines, ppo2",
    source:
      "github.com/openai/baselines at ea25b9e: baselines/ppo2/ppo2.py, model.py and defaults.py, baselines/run.py, baselines/common/cmd_util.py, models.py and policies.py, baselines/common/vec_env/vec_normalize.py",
    notes: [
      CUT_OFF,
      ROUNDED_DOWN,
      "advantages are divided by the standard deviation of the population; here by that of a sample",
      "continuous: this is for MuJoCo; other tasks are trained as discrete ones",
      "continuous: the moments of observations move with every step; here they rest within an iteration",
      "continuous: rewards are scaled with a discount of 0.99 whatever gamma is; here with gamma",
      "atari: num-envs is the number of processors; here the paper's 8 stand for it",
    ],
  },
  paper: {
    title: "Schulman et al., 2017",
    source:
      "arXiv 1707.06347: table 3, table 5, section 6; what it leaves open is as in its authors' code, github.com/openai/baselines at ea25b9e: baselines/ppo1/pposgd_simple.py, mlp_policy.py, run_mujoco.py",
    notes: [
      "discrete: it has nothing",
      "normalisation, Adam's epsilon, gradients and values that are not clipped are those of ppo1, where the paper is silent",
      "c1 = 1 is before the squared error; value-coefficient 2 is the same before half of it",
      `${CUT_OFF} (ppo1)`,
      "advantages are divided by the standard deviation of the population; here by that of a sample (ppo1)",
      "continuous: weights begin as normal columns of norm 1; here orthogonal with gain √2 (ppo1)",
      "continuous: the moments of observations take in an iteration before its update, their deviation is at least 0.1; here after it, without a least (ppo1)",
      "atari: the network is that of Mnih et al. (2016), convolutions of 16 and 32 filters and 256 units; here nature-cnn",
    ],
  },
};
