// Generalized advantage estimation (Schulman et al., 2016, arXiv 1506.02438, equations 11 and 16).

/**
 * advantages and returns [steps, envs] from rewards, values [steps, envs], terminated and truncated [steps, envs] (int32, 0 or 1), finalValues
 * [steps, envs] (the value of an episode's last observation, read where the episode was truncated and not terminated), nextValues [envs]
 * (the value of the observation after the last step), and the two float64 γ and λ at `discounts`.
 *
 *   δ_t = r_t + γ V(s_{t+1}) - V(s_t),   A_t = δ_t + γ λ A_{t+1},   R_t = A_t + V(s_t)
 *
 * A terminated episode has no next value; a truncated one goes on without us, so its next value is that of its last observation. Either
 * ends the recursion. The recursion runs in float64 and is rounded once for each result.
 */
export function gae(
  advantages: usize,
  returns: usize,
  rewards: usize,
  values: usize,
  terminated: usize,
  truncated: usize,
  finalValues: usize,
  nextValues: usize,
  discounts: usize,
  steps: i32,
  envs: i32,
): void {
  const gamma = load<f64>(discounts);
  const lambda = load<f64>(discounts, 8);
  for (let e = 0; e < envs; e++) {
    let advantage: f64 = 0;
    let nextValue = <f64>load<f32>(nextValues + ((<usize>e) << 2));
    for (let t = steps - 1; t >= 0; t--) {
      const i = (<usize>(t * envs + e)) << 2;
      if (load<i32>(terminated + i)) {
        nextValue = 0;
        advantage = 0;
      } else if (load<i32>(truncated + i)) {
        nextValue = <f64>load<f32>(finalValues + i);
        advantage = 0;
      }
      const value = <f64>load<f32>(values + i);
      const delta = <f64>load<f32>(rewards + i) + gamma * nextValue - value;
      advantage = delta + gamma * lambda * advantage;
      store<f32>(advantages + i, <f32>advantage);
      store<f32>(returns + i, <f32>(advantage + value));
      nextValue = value;
    }
  }
}
