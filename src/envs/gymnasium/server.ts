// The Python side: makes Gymnasium's environments, steps them, and answers over two pipes. It is handed to Python as a
// text, so that there is no file to find.

/**
 * A request is uint32 [operation, first, count, bytes] and so many bytes; a reply uint32 [status, bytes] and so many
 * bytes. What an environment came to is a record of `stride` bytes: float64 reward, int32 lives, uint8 terminated,
 * uint8 truncated, two bytes of nothing, the action mask, and the arrays of the observation, each at a multiple of 8. A
 * picture is uint32 [rows, columns] and its pixels, [rows, columns, 3].
 */
export const server = `
import json, os, pickle, signal, struct, sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO

GREETING, REQUESTS, REPLIES = 3, 4, 5
DONE, FAILED, UNSAVED = 0, 1, 2
PIXELS = "rgb_array"

# Nothing here opens a window or makes a sound: pictures are pixels.
for name, value in {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}.items():
    os.environ.setdefault(name, value)

# The keys of a terminal reach every process in it. Whoever started this one says when it is over, by closing a pipe.
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), signal.SIG_IGN)
for pipe in (GREETING, REQUESTS, REPLIES):
    os.set_inheritable(pipe, False)


def greet(**greeting):
    os.write(GREETING, json.dumps(greeting).encode())
    os.close(GREETING)


def said(error):
    return f"{type(error).__name__}: {error}"


try:
    import gymnasium as gym
    import numpy as np
    from gymnasium import spaces
except ImportError as error:
    greet(error=said(error), kind="package", package=error.name or "gymnasium")
    sys.exit(1)


def aligned(size):
    return -(-size // 8) * 8


def compact(bounds):
    numbers = [number if np.isfinite(number) else str(float(number)) for number in bounds.ravel().tolist()]
    return numbers[0] if numbers and all(number == numbers[0] for number in numbers) else numbers


def dtype_of(box):
    """The data type that holds a Box there: that of pixels, of whole numbers, or float32."""
    if box.dtype.kind == "f":
        return np.dtype("float32")
    if box.dtype == np.uint8 or box.dtype.kind == "b":
        return np.dtype("uint8")
    fits = np.all(box.low >= -(2**31)) and np.all(box.high < 2**31)
    return np.dtype("int32" if fits else "float32")


def described(space):
    """A space as toJSON of the same one there says it."""
    kind = type(space).__name__
    if isinstance(space, spaces.Box):
        low, high = (compact(bounds.astype("int64") if bounds.dtype.kind == "b" else bounds)
                     for bounds in (space.low, space.high))
        return {"type": "Box", "low": low, "high": high, "shape": list(space.shape), "dtype": dtype_of(space).name}
    if isinstance(space, spaces.Discrete):
        return {"type": "Discrete", "n": int(space.n), "start": int(space.start)}
    if isinstance(space, spaces.MultiDiscrete):
        return {"type": "MultiDiscrete", "nvec": space.nvec.ravel().tolist()}
    if isinstance(space, spaces.MultiBinary):
        return {"type": "MultiBinary", "n": int(np.prod(space.shape))}
    if isinstance(space, spaces.Dict):
        return {"type": "Dict", "spaces": {name: described(part) for name, part in space.spaces.items()}}
    if isinstance(space, spaces.Tuple):
        return {"type": "Tuple", "spaces": [described(part) for part in space.spaces]}
    raise NotImplementedError(f"{kind} is none of Box, Discrete, MultiDiscrete, MultiBinary, Dict and Tuple")


def parts_of(space):
    """The spaces that a space is made of in the end, in order, with how each is found in an observation."""
    if isinstance(space, spaces.Dict):
        parts = list(space.spaces.items())
    elif isinstance(space, spaces.Tuple):
        parts = list(enumerate(space.spaces))
    else:
        return [((), space)]
    return [((key, *path), leaf) for key, part in parts for path, leaf in parts_of(part)]


class Field:
    """Where an array of an observation stands in a record."""

    def __init__(self, path, space, offset):
        self.path, self.offset, self.shape = path, offset, tuple(space.shape)
        self.dtype = dtype_of(space) if isinstance(space, spaces.Box) else np.dtype("int32")
        self.start = space.start if isinstance(space, spaces.MultiDiscrete) and np.any(space.start) else None
        self.bytes = int(np.prod(self.shape)) * self.dtype.itemsize

    def view(self, buffer, base):
        count = self.bytes // self.dtype.itemsize
        return np.frombuffer(buffer, self.dtype, count, base + self.offset).reshape(self.shape)

    def put(self, view, observation):
        for key in self.path:
            observation = observation[key]
        if np.shape(observation) != view.shape:
            raise ValueError(f"the observation has the shape {np.shape(observation)}, and its space {view.shape}")
        view[...] = observation if self.start is None else observation - self.start


class Environments:
    """Environments of one name, and the memory in which they answer."""

    def __init__(self, name, as_it_is):
        self.package, _, self.name = name.rpartition(":")
        if self.name.startswith("ALE/"):
            self.package = self.package or "ale_py"
        if self.package:
            import_module(self.package)
        self.envs, self.running, self.spec = [], 0, gym.spec(self.name)
        entry = str(self.spec.entry_point)
        self.is_game = entry.startswith("ale_py") and self.spec.kwargs.get("obs_type") != "ram" and not as_it_is
        self.options = {"frameskip": 1, "obs_type": "grayscale"} if self.is_game else {}
        env = self.add()
        self.observation_space, self.action_space = env.observation_space, env.action_space
        self.described = {
            "observationSpace": described(self.observation_space),
            "actionSpace": described(self.action_space),
        }
        observation, info = env.reset(seed=0)
        self.has_lives = isinstance(info.get("lives"), (int, np.integer))
        self.mask_size = 0
        if info.get("action_mask") is not None and isinstance(self.action_space, (spaces.Discrete, spaces.MultiDiscrete)):
            self.mask_size = len(self.mask_of(info))
        offset, self.fields = 16 + aligned(self.mask_size), []
        for path, leaf in parts_of(self.observation_space):
            self.fields.append(Field(path, leaf, offset))
            offset += aligned(self.fields[-1].bytes)
        self.stride = offset
        self.lay_out(1)
        self.put(0, observation, 0.0, False, False, info)

    def add(self):
        self.envs.append(gym.make(self.name, disable_env_checker=True, **self.options))
        return self.envs[-1]

    def lay_out(self, count):
        self.reply = bytearray(8 + count * self.stride)
        self.views = [[field.view(self.reply, 8 + index * self.stride) for field in self.fields]
                      for index in range(count)]
        self.masks = [np.frombuffer(self.reply, "uint8", self.mask_size, 24 + index * self.stride)
                      for index in range(count)]

    def greeting(self):
        try:
            saving = "" if self.save(0) else "nothing of it can be saved"
        except Exception as error:
            saving = said(error)
        inner = self.envs[0].unwrapped
        return {
            **self.described,
            "rewardThreshold": self.spec.reward_threshold, "maxEpisodeSteps": self.spec.max_episode_steps,
            "stride": self.stride, "maskSize": self.mask_size, "hasLives": self.has_lives, "isGame": self.is_game,
            "fields": [{"path": field.path, "offset": field.offset} for field in self.fields], "unsaved": saving,
            "isSeen": PIXELS in (inner.metadata.get("render_modes") or ()),
            "framesPerSecond": 60 / 4 if self.is_game else pace_of(inner),
            "actionMeanings": list(inner.get_action_meanings()) if hasattr(inner, "get_action_meanings") else [],
            "versions": [f"{package}=={version_of(package)}" for package in ("gymnasium", self.package) if package],
        }

    def mask_of(self, info):
        mask = info["action_mask"]
        return np.concatenate([np.ravel(part) for part in mask]) if isinstance(mask, tuple) else np.ravel(mask)

    def put(self, index, observation, reward, terminated, truncated, info):
        lives = info["lives"] if self.has_lives else 0
        struct.pack_into("=diBB", self.reply, 8 + index * self.stride, reward, lives, terminated, truncated)
        if self.mask_size:
            self.masks[index][...] = self.mask_of(info)
        for field, view in zip(self.fields, self.views[index]):
            field.put(view, observation)

    def answer(self, count):
        size = count * self.stride
        struct.pack_into("=II", self.reply, 0, DONE, size)
        return memoryview(self.reply)[: 8 + size]

    # The operations, in the order of their numbers.

    def grow(self, first, count, payload):
        while len(self.envs) < count:
            self.running = len(self.envs)
            self.add()
        self.lay_out(count)
        return self.answer(0)

    def reset(self, first, count, payload):
        for index, seed in enumerate(np.frombuffer(payload, "float64")):
            self.running = first + index
            observation, info = self.envs[first + index].reset(seed=seed_of(seed))
            self.put(index, observation, 0.0, False, False, info)
        return self.answer(count)

    def step(self, first, count, payload):
        for index, action in enumerate(self.actions(payload, count)):
            self.running = first + index
            observation, reward, terminated, truncated, info = self.envs[first + index].step(action)
            self.put(index, observation, reward, terminated, truncated, info)
        return self.answer(count)

    def state(self, first, count, payload):
        self.running = first
        state = self.save(first)
        return struct.pack("=II", DONE, len(state)) + state

    def restore(self, first, count, payload):
        self.running = first
        layers = layers_of(self.envs[first])
        loader = pickle.Unpickler(BytesIO(payload))
        loader.persistent_load = lambda place: np.dtype(place) if isinstance(place, str) else layers[place]
        for layer, (attributes, clone) in zip(layers, loader.load(), strict=True):
            before = dict(vars(layer))
            vars(layer).clear()
            # Interned, as names of attributes are: what is saved later is the same as if nothing had been restored.
            vars(layer).update({sys.intern(name): value for name, value in attributes.items()})
            for name, value in before.items():
                # None is also what there is nothing to draw with yet, of a state that was saved when there was something.
                if stays(name, value) or value is None:
                    vars(layer).setdefault(name, value)
            if clone is not None:
                layer.restore_state(clone)
        return self.answer(0)

    def render(self, first, count, payload):
        self.running = first
        pixels = shrunk(self.picture(self.envs[first]))
        return struct.pack("=IIII", DONE, 8 + pixels.size, *pixels.shape[:2]) + pixels.tobytes()

    def picture(self, env):
        """The pixels that an environment shows which was made to show none."""
        inner = env.unwrapped
        mode, inner.render_mode = inner.render_mode, PIXELS
        try:
            pixels = env.render()
        finally:
            inner.render_mode = mode
        if np.ndim(pixels) != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
            raise TypeError(f"render gave no bytes [height, width, 3], and {type(pixels).__name__} of {np.shape(pixels)}")
        return pixels

    def actions(self, payload, count):
        space = self.action_space
        if isinstance(space, spaces.Discrete):
            return np.frombuffer(payload, "int32").tolist()
        dtype = dtype_of(space) if isinstance(space, spaces.Box) else "int32"
        actions = np.frombuffer(payload, dtype).reshape(count, *space.shape).astype(space.dtype)
        return actions + space.start if isinstance(space, spaces.MultiDiscrete) else actions

    def save(self, index):
        """All attributes of an environment and its wrappers. What C++ holds of a game of Atari it clones itself."""
        layers = layers_of(self.envs[index])
        places = {id(layer): place for place, layer in enumerate(layers)}
        saved = []
        for layer in layers:
            clone = layer.clone_state(include_rng=True) if hasattr(layer, "ale") and layer is layers[-1] else None
            saved.append(({name: value for name, value in vars(layer).items() if not stays(name, value)}, clone))
        buffer = BytesIO()
        pickler = pickle.Pickler(buffer, 5)
        # A data type that was unpickled is another object than one that was not: by its name it is the same.
        pickler.persistent_id = lambda thing: thing.str if is_plain(thing) else places.get(id(thing))
        pickler.dump(saved)
        return buffer.getvalue()


def stays(name, value):
    """Whether an attribute is the same in every environment of a name, or only there to draw with."""
    is_constant = isinstance(value, (spaces.Space, gym.envs.registration.EnvSpec))
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    if is_constant or type(first).__module__.startswith("pygame"):
        return True
    return name in ("ale", "render_mode") or name.startswith("_ezpickle")


def pace_of(env):
    """How many steps an environment says that it shows in a second; None where it says none."""
    pace = env.metadata.get("render_fps")
    return float(pace) if isinstance(pace, (int, float, np.number)) and 0 < pace < np.inf else None


def shrunk(pixels):
    """Of pictures that are larger than the screen of an Atari the means of squares, of about as many as that has."""
    rows, columns, _ = pixels.shape
    side = max(1, min(rows, columns, round(max(rows / 210, columns / 160))))
    rows, columns = rows // side, columns // side
    squares = pixels[: rows * side, : columns * side].reshape(rows, side, columns, side, 3)
    return squares.mean((1, 3)).round().astype("uint8") if side > 1 else pixels


def is_plain(thing):
    return isinstance(thing, np.dtype) and thing.isbuiltin == 1


def layers_of(env):
    """An environment's wrappers from the outermost on, and what is inside of them."""
    layers = [env]
    while isinstance(layers[-1], gym.Wrapper):
        layers.append(layers[-1].env)
    return layers


def seed_of(number):
    """None for NaN. Many random generators take 32 bits: larger seeds are hashed to as many."""
    if np.isnan(number):
        return None
    seed = int(number)
    return seed if seed < 2**32 else int(np.random.SeedSequence(seed).generate_state(1)[0])


def version_of(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"


def send(reply):
    while reply:
        reply = reply[os.write(REPLIES, reply):]


def serve(environments):
    names = ("grow", "reset", "step", "state", "restore", "render")
    operations = [getattr(environments, name) for name in names]
    requests = open(REQUESTS, "rb")
    while len(header := requests.read(16)) == 16:
        operation, first, count, size = struct.unpack("=IIII", header)
        payload = requests.read(size)
        try:
            reply = operations[operation](first, count, payload)
        except BaseException as error:
            text = f"in environment {environments.running}: {said(error)}".encode()
            reply = struct.pack("=II", UNSAVED if operation == 3 else FAILED, len(text)) + text
        send(reply)
    for env in environments.envs:
        env.close()


def main(name, as_it_is):
    try:
        environments = Environments(name, as_it_is == "true")
        greeting = environments.greeting()
    except (ModuleNotFoundError, gym.error.DependencyNotInstalled) as error:
        return greet(error=said(error), kind="package", package=getattr(error, "name", None) or "")
    except (gym.error.UnregisteredEnv, gym.error.DeprecatedEnv) as error:
        return greet(error=said(error), kind="name")
    except NotImplementedError as error:
        return greet(error=said(error), kind="space")
    except BaseException as error:
        return greet(error=said(error), kind="other")
    greet(**greeting)
    try:
        serve(environments)
    except BrokenPipeError:
        pass


main(*sys.argv[1:])
`;
