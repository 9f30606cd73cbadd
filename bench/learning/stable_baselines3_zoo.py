"""Trains Stable-Baselines3's PPO with the hyper-parameters of rl-baselines3-zoo (hyperparams/ppo.yml) for a million
steps, on one thread. Prints, after each rollout, one JSON object with the steps, the number of the last episodes, at
most 100, and their mean return.

    python stable_baselines3_zoo.py ENV SEED
"""

import json
import sys

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize
from torch import nn

WIDE = {
    "log_std_init": -2,
    "ortho_init": False,
    "activation_fn": nn.ReLU,
    "net_arch": {"pi": [256, 256], "vf": [256, 256]},
}
LANDER = dict(n_envs=16, n_steps=1024, batch_size=64, gae_lambda=0.98, gamma=0.999, n_epochs=4, ent_coef=0.01)
ZOO = {
    "HalfCheetah-v4": dict(
        n_envs=1, normalize=True, n_steps=512, batch_size=64, gamma=0.98, gae_lambda=0.92, n_epochs=20,
        learning_rate=2.0633e-05, ent_coef=0.000401762, clip_range=0.1, max_grad_norm=0.8, vf_coef=0.58096,
        policy_kwargs=WIDE,
    ),
    "Hopper-v4": dict(
        n_envs=1, normalize=True, n_steps=512, batch_size=32, gamma=0.999, gae_lambda=0.99, n_epochs=5,
        learning_rate=9.80828e-05, ent_coef=0.00229519, clip_range=0.2, max_grad_norm=0.7, vf_coef=0.835671,
        policy_kwargs=WIDE,
    ),
    "LunarLander-v3": LANDER,
}


class Report(BaseCallback):
    """Prints how far the training is."""

    def _on_step(self) -> bool:
        return True

    def _on_rollout_end(self) -> None:
        episodes = self.model.ep_info_buffer
        if len(episodes) > 0:
            mean = float(np.mean([episode["r"] for episode in episodes]))
            line = {"steps": self.num_timesteps, "episodes": len(episodes), "meanReturn": mean}
            print(json.dumps(line), flush=True)


env_id, seed = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(1)
options = dict(ZOO[env_id])
env = make_vec_env(env_id, n_envs=options.pop("n_envs"), seed=seed)
if options.pop("normalize", False):
    env = VecNormalize(env, gamma=options["gamma"])
PPO("MlpPolicy", env, seed=seed, device="cpu", **options).learn(1_000_000, callback=Report())
