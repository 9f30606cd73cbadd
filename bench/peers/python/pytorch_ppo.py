"""PPO on CartPole-v1 in PyTorch, as most people write it: the loop of CleanRL's ppo.py, its hyper-parameters,
Gymnasium's environments. Written for this benchmark; one thread. Prints one JSON object: the steps per second after a
warm-up, and matrix products in GFLOP/s.
"""

import json
import time

import gymnasium
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

torch.set_num_threads(1)
NUM_ENVS, NUM_STEPS, EPOCHS, MINIBATCHES = 4, 128, 4, 4
BATCH = NUM_ENVS * NUM_STEPS
WARM_UP, MEASURED = 4, 24


def layer(inputs: int, outputs: int, gain: float = 2**0.5) -> nn.Linear:
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


class Agent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.actor = nn.Sequential(layer(4, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, 2, 0.01))
        self.critic = nn.Sequential(layer(4, 64), nn.Tanh(), layer(64, 64), nn.Tanh(), layer(64, 1, 1.0))

    def act(self, observation: torch.Tensor, action: torch.Tensor | None = None):
        distribution = Categorical(logits=self.actor(observation))
        if action is None:
            action = distribution.sample()
        return action, distribution.log_prob(action), distribution.entropy(), self.critic(observation).squeeze(-1)


def train() -> float:
    torch.manual_seed(1)
    envs = gymnasium.vector.SyncVectorEnv([lambda: gymnasium.make("CartPole-v1") for _ in range(NUM_ENVS)])
    agent = Agent()
    optimizer = torch.optim.Adam(agent.parameters(), lr=2.5e-4, eps=1e-5)
    observations = torch.zeros(NUM_STEPS, NUM_ENVS, 4)
    actions, log_probs, rewards, dones, values = (torch.zeros(NUM_STEPS, NUM_ENVS) for _ in range(5))
    next_observation = torch.as_tensor(envs.reset(seed=1)[0])
    next_done = torch.zeros(NUM_ENVS)
    start = 0.0
    for iteration in range(WARM_UP + MEASURED):
        if iteration == WARM_UP:
            start = time.perf_counter()
        for t in range(NUM_STEPS):
            observations[t], dones[t] = next_observation, next_done
            with torch.no_grad():
                actions[t], log_probs[t], _, values[t] = agent.act(next_observation)
            observation, reward, terminated, truncated, _ = envs.step(actions[t].long().numpy())
            rewards[t] = torch.as_tensor(reward)
            next_observation, next_done = (
                torch.as_tensor(observation),
                torch.as_tensor(np.logical_or(terminated, truncated), dtype=torch.float32),
            )

        with torch.no_grad():
            next_value = agent.critic(next_observation).squeeze(-1)
        advantages = torch.zeros_like(rewards)
        last = torch.zeros(NUM_ENVS)
        for t in reversed(range(NUM_STEPS)):
            going_on = 1 - (next_done if t == NUM_STEPS - 1 else dones[t + 1])
            following = next_value if t == NUM_STEPS - 1 else values[t + 1]
            delta = rewards[t] + 0.99 * following * going_on - values[t]
            advantages[t] = last = delta + 0.99 * 0.95 * going_on * last
        returns = advantages + values

        flat = [x.flatten(0, 1) for x in (observations, actions, log_probs, advantages, returns, values)]
        for _ in range(EPOCHS):
            for indices in torch.randperm(BATCH).split(BATCH // MINIBATCHES):
                mb_obs, mb_actions, mb_log_probs, mb_advantages, mb_returns, mb_values = (x[indices] for x in flat)
                _, log_prob, entropy, value = agent.act(mb_obs, mb_actions.long())
                ratio = (log_prob - mb_log_probs).exp()
                mb_advantages = (mb_advantages - mb_advantages.mean()) / (mb_advantages.std() + 1e-8)
                policy_loss = torch.max(-mb_advantages * ratio, -mb_advantages * ratio.clamp(0.8, 1.2)).mean()
                clipped = mb_values + (value - mb_values).clamp(-0.2, 0.2)
                value_loss = 0.5 * torch.max((value - mb_returns) ** 2, (clipped - mb_returns) ** 2).mean()
                loss = policy_loss - 0.01 * entropy.mean() + 0.5 * value_loss
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
                optimizer.step()
    return MEASURED * BATCH / (time.perf_counter() - start)


def products() -> dict[str, float]:
    rates = {}
    for m, k, n in [(128, 64, 64), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024)]:
        a, b, out = torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)
        repeat = max(3, int(2e8 / (2 * m * k * n)))
        samples = []
        for _ in range(9):
            start = time.perf_counter()
            for _ in range(repeat):
                torch.mm(a, b, out=out)
            samples.append((time.perf_counter() - start) / repeat)
        rates[f"{m} x {k} x {n}"] = 2 * m * k * n / sorted(samples)[4] / 1e9
    return rates


print(json.dumps({"version": torch.__version__, "stepsPerSecond": train(), "products": products()}))
