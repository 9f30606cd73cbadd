"""PPO on CartPole-v1 compiled as a whole by XLA, environments included, in the manner of PureJaxRL, with CleanRL's
hyper-parameters; one thread. Prints one JSON object: the steps per second of a compiled run of 500,000 steps, and with
the compilation counted in.
"""

import json
import os
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp

NUM_ENVS, NUM_STEPS, EPOCHS, MINIBATCHES, TOTAL = 4, 128, 4, 4, 500_000
BATCH = NUM_ENVS * NUM_STEPS
ITERATIONS = TOTAL // BATCH


def reset(key):
    return jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05), jnp.int32(0)


def step(state, action, key):
    """CartPole-v1 in float32, begun anew where it ends."""
    (x, v, angle, w), t = state
    force = jnp.where(action == 1, 10.0, -10.0)
    cosine, sine = jnp.cos(angle), jnp.sin(angle)
    push = (force + 0.05 * w**2 * sine) / 1.1
    acceleration = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine**2 / 1.1))
    moved = jnp.array(
        [
            x + 0.02 * v,
            v + 0.02 * (push - 0.05 * acceleration * cosine / 1.1),
            angle + 0.02 * w,
            w + 0.02 * acceleration,
        ]
    )
    done = (jnp.abs(moved[0]) > 2.4) | (jnp.abs(moved[2]) > 12 * 2 * jnp.pi / 360) | (t + 1 >= 500)
    fresh, _ = reset(key)
    return (jnp.where(done, fresh, moved), jnp.where(done, 0, t + 1)), 1.0, done


def make_network(key, outputs, gain):
    sizes, gains = [4, 64, 64, outputs], [2**0.5, 2**0.5, gain]
    keys = jax.random.split(key, 3)
    return [
        (jax.nn.initializers.orthogonal(g)(k, (i, o)), jnp.zeros(o))
        for k, g, i, o in zip(keys, gains, sizes, sizes[1:])
    ]


def forward(network, x):
    for weight, bias in network[:-1]:
        x = jnp.tanh(x @ weight + bias)
    return x @ network[-1][0] + network[-1][1]


def loss_of(parameters, batch):
    observations, actions, log_probs, values, advantages, returns = batch
    logs = jax.nn.log_softmax(forward(parameters[0], observations))
    value = forward(parameters[1], observations)[:, 0]
    ratio = jnp.exp(jnp.take_along_axis(logs, actions[:, None], 1)[:, 0] - log_probs)
    advantages = (advantages - advantages.mean()) / (advantages.std(ddof=1) + 1e-8)
    policy_loss = jnp.maximum(-advantages * ratio, -advantages * jnp.clip(ratio, 0.8, 1.2)).mean()
    clipped = values + jnp.clip(value - values, -0.2, 0.2)
    value_loss = 0.5 * jnp.maximum((value - returns) ** 2, (clipped - returns) ** 2).mean()
    entropy = -(jnp.exp(logs) * logs).sum(1).mean()
    return policy_loss - 0.01 * entropy + 0.5 * value_loss


def adam(parameters, gradients, moments, t, rate):
    norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(gradients)))
    gradients = jax.tree.map(lambda g: g * jnp.minimum(1, 0.5 / (norm + 1e-6)), gradients)
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g**2, moments[1], gradients)
    scale = rate / (1 - 0.9**t)
    correction = 1 / jnp.sqrt(1 - 0.999**t)
    return jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) * correction + 1e-5), parameters, m, v), (m, v)


def iterate(carry, iteration):
    parameters, moments, t, states, key = carry
    rate = 2.5e-4 * (1 - iteration / ITERATIONS)

    def collect(carry, _):
        states, key = carry
        key, draw, anew = jax.random.split(key, 3)
        observations = states[0]
        logits = forward(parameters[0], observations)
        actions = jax.random.categorical(draw, logits)
        log_probs = jnp.take_along_axis(jax.nn.log_softmax(logits), actions[:, None], 1)[:, 0]
        values = forward(parameters[1], observations)[:, 0]
        states, rewards, dones = jax.vmap(step)(states, actions, jax.random.split(anew, NUM_ENVS))
        return (states, key), (observations, actions, log_probs, values, rewards, dones)

    (states, key), rollout = jax.lax.scan(collect, (states, key), None, NUM_STEPS)
    observations, actions, log_probs, values, rewards, dones = rollout

    def estimate(carry, now):
        following, last = carry
        value, reward, done = now
        delta = reward + 0.99 * following * (1 - done) - value
        last = delta + 0.99 * 0.95 * (1 - done) * last
        return (value, last), last

    next_values = forward(parameters[1], states[0])[:, 0]
    _, advantages = jax.lax.scan(estimate, (next_values, jnp.zeros(NUM_ENVS)), (values, rewards, dones), reverse=True)
    flat = [
        x.reshape(BATCH, *x.shape[2:])
        for x in (observations, actions, log_probs, values, advantages, advantages + values)
    ]

    def epoch(carry, key):
        indices = jax.random.permutation(key, BATCH).reshape(MINIBATCHES, -1)

        def minibatch(carry, rows):
            parameters, moments, t = carry
            gradients = jax.grad(loss_of)(parameters, [x[rows] for x in flat])
            parameters, moments = adam(parameters, gradients, moments, t + 1, rate)
            return (parameters, moments, t + 1), None

        return jax.lax.scan(minibatch, carry, indices)

    key, shuffle = jax.random.split(key)
    (parameters, moments, t), _ = jax.lax.scan(epoch, (parameters, moments, t), jax.random.split(shuffle, EPOCHS))
    return (parameters, moments, t, states, key), dones.sum()


@jax.jit
def train(key):
    actor_key, critic_key, env_key, key = jax.random.split(key, 4)
    parameters = (make_network(actor_key, 2, 0.01), make_network(critic_key, 1, 1.0))
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    states = jax.vmap(reset)(jax.random.split(env_key, NUM_ENVS))
    carry, episodes = jax.lax.scan(iterate, (parameters, (zeros, zeros), 0.0, states, key), jnp.arange(ITERATIONS))
    return carry[0], episodes


start = time.perf_counter()
jax.block_until_ready(train(jax.random.key(1)))
first = time.perf_counter() - start
start = time.perf_counter()
_, episodes = jax.block_until_ready(train(jax.random.key(2)))
second = time.perf_counter() - start
steps = ITERATIONS * BATCH
length = NUM_STEPS * NUM_ENVS * 100 / float(episodes[-100:].sum())
print(
    json.dumps(
        {
            "version": jax.__version__,
            "stepsPerSecond": steps / second,
            "withCompilation": steps / first,
            "meanEpisodeLength": length,
        }
    )
)
