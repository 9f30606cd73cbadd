// Generalized advantage estimation (Schulman et al., 2016, arXiv 1506.02438, equations 11 and 16).

/**
 * advantages and returns [numSteps, numEnvs] from rewards and values [numSteps, numEnvs], terminated and truncated
 * [numSteps, numEnvs] (bytes, 0 or 1), finalValues [numSteps, numEnvs] (the value of an episode's last observation,
 * read where the episode was truncated and not terminated), nextValues [numEnvs] (the value of the observation after
 * the last step), and the two float64 γ and λ at `discounts`.
 *
 *   δ_t = r_t + γ V(s_{t+1}) - V(s_t),   A_t = δ_t + γ λ A_{t+1},   R_t = A_t + V(s_t)
 *
 * A terminated episode has no next value; a truncated one goes on without us, so its next value is that of its last
 * observation. Either ends the recursion. The recursion runs in float64 and is rounded once for each result.
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
  numSteps: i32,
  numEnvs: i32,
): void {
  const gamma = load<f64>(discounts);
  const lambda = load<f64>(discounts, 8);
  for (let e = 0; e < numEnvs; e++) {
    let advantage: f64 = 0;
    let nextValue = <f64>load<f32>(nextValues + ((<usize>e) << 2));
    for (let t = numSteps - 1; t >= 0; t--) {
      const step = <usize>(t * numEnvs + e);
      const i = step << 2;
      if (load<u8>(terminated + step)) {
        nextValue = 0;
        advantage = 0;
      } else if (load<u8>(truncated + step)) {
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
