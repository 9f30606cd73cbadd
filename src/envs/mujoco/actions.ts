// What actions of the environments on MuJoCo are.

/** Those of Gymnasium. */
type Robot =
  | ("HalfCheetah" | "Hopper" | "Walker2d" | "Ant" | "Humanoid" | "HumanoidStandup" | "Swimmer" | "Reacher" | "Pusher")
  | ("InvertedPendulum" | "InvertedDoublePendulum");

/** Torques or forces of the motors, each within the bounds of the action space: float32 [motors]. */
export interface MuJoCoActions extends Readonly<Record<`${Robot}-v${4 | 5}`, Float32Array>> {}
