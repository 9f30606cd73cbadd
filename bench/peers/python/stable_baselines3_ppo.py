"""Stable-Baselines3's PPO on CartPole-v1 with CleanRL's hyper-parameters, one thread. Prints one JSON object with the
steps per second after a warm-up.
"""

import json
import time

import stable_baselines3
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)
model = PPO(
    "MlpPolicy",
    make_vec_env("CartPole-v1", n_envs=4, seed=1),
    learning_rate=2.5e-4,
    n_steps=128,
    batch_size=128,
    n_epochs=4,
    clip_range_vf=0.2,
    ent_coef=0.01,
    device="cpu",
    seed=1,
)
model.learn(4 * 512)
start = time.perf_counter()
model.learn(24 * 512, reset_num_timesteps=False)
print(
    json.dumps({"version": stable_baselines3.__version__, "stepsPerSecond": 24 * 512 / (time.perf_counter() - start)})
)
