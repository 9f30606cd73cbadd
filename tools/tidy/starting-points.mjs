// @ts-check
// What a user starts from, by the entry that exports it: the docstring of each has an example, which
// test/package/examples.node.test.ts compiles.

/** @type {Readonly<Record<string, readonly string[]>>} */
export const STARTING_POINTS = {
  ".": [
    ...["PPO", "PPO.static create", "PPO.static resume", "PPO.train", "PPO.act"],
    ...["Policy", "Policy.static load", "Policy.evaluate", "evaluate"],
    ...["weightsOf", "policyFrom", "fromStateDict", "toStateDict"],
    ...["make", "makeVec", "register", "EnvironmentActions", "Box", "Discrete", "Wrapper", "presetFor"],
    ...["checkConformance", "ActionRepeat", "ClipAction", "FlattenObservation", "FrameStackObservation"],
    ...["RecordEpisodeStatistics", "RescaleAction", "TransformObservation", "TransformReward"],
  ],
  "./policy": ["Policy", "Policy.static load"],
  "./worker": ["PPO", "PPO.static create", "PPO.static resume"],
  "./worker/thread": ["serve"],
  "./engine": ["Engine", "Engine.static create", "Stream"],
  "./tensor": ["program", "Tensor"],
  "./nn": ["Parameters", "MLP"],
  "./optim": ["Adam"],
  "./envs/nats-bench": ["natsBench"],
  "./envs/toy-text": ["toyText"],
  "./envs/mujoco": ["mujoco", "mujocoWith"],
  "./envs/box2d": ["box2d", "createLunarLander"],
  "./envs/gymnasium": ["gymnasium"],
  "./envs/minatar": ["minatar"],
  "./render": ["drawScene", "sceneSVG", "animationSVG"],
  "./io": ["decodeSafetensors", "encodeSafetensors"],
};
