"""Steps a second of Gymnasium's and EnvPool's environments: answers each line of JSON with one.

{"peer": "Gymnasium" | "EnvPool", "id", "numEnvs", "seconds"} -> {"stepsPerSecond"} or {"error"}

Actions are random and drawn beforehand; environments lie side by side, on one thread, and begin anew in the step in
which an episode ends, where the peer can.
"""

import json
import os
import sys
import time

BATCHES = 64
made = {}
# What a package prints is no answer.
answers, sys.stdout = sys.stdout, sys.stderr


def gymnasium_envs(id, count):
    import gymnasium
    from gymnasium.vector import AutoresetMode

    if id.startswith("MinAtar/"):
        from minatar.gym import register_envs

        register_envs()
    options = {"autoreset_mode": AutoresetMode.SAME_STEP}
    env = gymnasium.make_vec(id, num_envs=count, vectorization_mode="sync", vector_kwargs=options)
    env.reset(seed=1)
    return env.step, env.action_space


def envpool_envs(id, count):
    import envpool
    from gymnasium.vector.utils import batch_space

    env = envpool.make(id, env_type="gymnasium", num_envs=count, num_threads=1, seed=1)
    env.reset()
    space = batch_space(env.action_space, count)
    return env.step, space


def measure(peer, id, numEnvs, seconds):
    if (peer, id) not in made:
        made.clear()
        step, space = (gymnasium_envs if peer == "Gymnasium" else envpool_envs)(id, numEnvs)
        space.seed(1)
        made[peer, id] = step, [space.sample() for _ in range(BATCHES)]
    step, actions = made[peer, id]
    start, count = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - start) < seconds:
        step(actions[count % BATCHES])
        count += 1
    return {"stepsPerSecond": numEnvs * count / elapsed}


for line in sys.stdin:
    try:
        answer = measure(**json.loads(line))
    except BaseException as error:
        answer = {"error": f"{error}".splitlines()[0][:200] if f"{error}" else type(error).__name__}
    print(json.dumps(answer), file=answers, flush=True)
os._exit(0)
