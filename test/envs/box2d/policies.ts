// Gymnasium's heuristic policies, from box2d/lunar_lander.py and box2d/bipedal_walker.py.

/** What `heuristic` of Gymnasium's LunarLander would do. */
export function landingAction(observation: Float32Array, isContinuous: boolean): number | Float32Array {
  const [x = 0, y = 0, velocityX = 0, velocityY = 0, angle = 0, turning = 0, right = 0, left = 0] = observation;
  const wantedAngle = Math.max(-0.4, Math.min(0.4, x * 0.5 + velocityX));
  const wantedHeight = 0.55 * Math.abs(x);
  const touches = right !== 0 || left !== 0;
  const turn = touches ? 0 : (wantedAngle - angle) * 0.5 - turning;
  const hover = touches ? -velocityY * 0.5 : (wantedHeight - y) * 0.5 - velocityY * 0.5;
  if (isContinuous) return Float32Array.of(hover * 20 - 1, -turn * 20).map((share) => Math.max(-1, Math.min(1, share)));
  if (hover > Math.abs(turn) && hover > 0.05) return 2;
  if (turn < -0.05) return 3;
  return turn > 0.05 ? 1 : 0;
}

/** Gymnasium's `BipedalWalkerHeuristics`, which remembers what the legs are at. */
export class Walking {
  #phase: "stay on one leg" | "put other down" | "push off" = "stay on one leg";
  #moving = 0;
  #supportingKnee = 0.1;

  action(s: Float32Array): Float32Array {
    const at = (index: number) => s[index] as number;
    const moving = this.#moving;
    const supporting = 1 - moving;
    const movingBase = 4 + 5 * moving;
    const supportingBase = 4 + 5 * supporting;
    const hip: (number | undefined)[] = [undefined, undefined];
    const knee: (number | undefined)[] = [undefined, undefined];
    if (this.#phase === "stay on one leg") {
      hip[moving] = 1.1;
      knee[moving] = -0.6;
      this.#supportingKnee = Math.min(this.#supportingKnee + (at(2) > 0.29 ? 0.06 : 0.03), 0.1);
      knee[supporting] = this.#supportingKnee;
      if (at(supportingBase) < 0.1) this.#phase = "put other down";
    }
    if (this.#phase === "put other down") {
      hip[moving] = 0.1;
      knee[moving] = 0.1;
      knee[supporting] = this.#supportingKnee;
      if (at(movingBase + 4) !== 0) {
        this.#phase = "push off";
        this.#supportingKnee = Math.min(at(movingBase + 2), 0.1);
      }
    }
    if (this.#phase === "push off") {
      knee[moving] = this.#supportingKnee;
      knee[supporting] = 1;
      if (at(supportingBase + 2) > 0.88 || at(2) > 1.2 * 0.29) {
        this.#phase = "stay on one leg";
        this.#moving = supporting;
      }
    }
    const action = new Float32Array(4);
    for (let leg = 0; leg < 2; leg++) {
      const base = 4 + 5 * leg;
      const [hipTarget, kneeTarget] = [hip[leg], knee[leg]];
      // Gymnasium asks whether a target is anything but 0 or None.
      const hipTurn = hipTarget ? 0.9 * (hipTarget - at(base)) - 0.25 * at(base + 1) : 0;
      const kneeTurn = kneeTarget ? 4 * (kneeTarget - at(base + 2)) - 0.25 * at(base + 3) : 0;
      action[2 * leg] = 0.5 * (hipTurn + 0.9 * at(0) + 1.5 * at(1));
      action[2 * leg + 1] = 0.5 * (kneeTurn - 15 * at(3));
    }
    return action.map((torque) => Math.max(-1, Math.min(1, torque)));
  }
}
