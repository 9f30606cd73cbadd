import { gae } from "../gae";
import {
  bytes,
  damage,
  fraction,
  get,
  getByte,
  isNotANumber,
  numbers,
  put,
  putByte,
  reset,
  UNIT,
  within,
  words,
} from "./support";

function flags(n: i32, salt: u32, chance: f32): usize {
  const start = bytes(n);
  for (let i = 0; i < n; i++) putByte(start, i, fraction(i, salt) < chance ? 1 : 0);
  return start;
}

/** The advantages and returns that are not the sum, over the rest of the episode, of all discounted deltas. */
function failures(steps: i32, envs: i32, terminations: f32, truncations: f32): i32 {
  reset();
  const size = steps * envs;
  const rewards = numbers(size, 1);
  const values = numbers(size, 2);
  const finalValues = numbers(size, 3);
  const nextValues = numbers(envs, 4);
  const terminated = flags(size, 5, terminations);
  const truncated = flags(size, 6, truncations);
  const discounts = words(6) + 4;
  store<f64>(discounts, 0.99);
  store<f64>(discounts, 0.95, 8);
  const advantages = words(size);
  const returns = words(size);
  gae(advantages, returns, rewards, values, terminated, truncated, finalValues, nextValues, discounts, steps, envs);
  let count = damage();
  for (let e = 0; e < envs; e++) {
    for (let start = 0; start < steps; start++) {
      let exact: f64 = 0;
      let discount: f64 = 1;
      for (let t = start; t < steps; t++) {
        const i = t * envs + e;
        let next = <f64>(t == steps - 1 ? get(nextValues, e) : get(values, i + envs));
        if (getByte(truncated, i)) next = <f64>get(finalValues, i);
        if (getByte(terminated, i)) next = 0;
        exact += discount * (<f64>get(rewards, i) + 0.99 * next - <f64>get(values, i));
        discount *= 0.99 * 0.95;
        if (getByte(terminated, i) || getByte(truncated, i)) break;
      }
      const i = start * envs + e;
      const target = exact + <f64>get(values, i);
      if (!within(get(advantages, i), exact, UNIT * abs(exact) + 1e-13)) count++;
      if (!within(get(returns, i), target, UNIT * abs(target) + 1e-13)) count++;
    }
  }
  return count;
}

describe("gae", () => {
  it("sums the discounted deltas of the rest of the episode, for any number of steps and environments", () => {
    let count = 0;
    for (let steps = 0; steps <= 70; steps++) {
      const envs = 1 + (steps % 9);
      count += failures(steps, envs, 0, 0) + failures(steps, envs, 0.2, 0) + failures(steps, envs, 0, 0.2);
      count += failures(steps, envs, 0.3, 0.3) + failures(steps, envs, 1, 0) + failures(steps, envs, 0, 1);
    }
    expect(count).toBe(0);
  });

  it("does not read the last value of an episode that was not truncated", () => {
    reset();
    const one = numbers(1, 1);
    const nan = words(1);
    put(nan, 0, NaN);
    const no = bytes(1);
    putByte(no, 0, 0);
    const yes = bytes(1);
    putByte(yes, 0, 1);
    const discounts = words(6) + 4;
    store<f64>(discounts, 0.99);
    store<f64>(discounts, 0.95, 8);
    const advantage = words(1);
    const target = words(1);
    gae(advantage, target, one, one, no, no, nan, one, discounts, 1, 1);
    expect(isNotANumber(get(advantage, 0))).toBe(false);
    gae(advantage, target, one, one, yes, yes, nan, nan, discounts, 1, 1);
    expect(isNotANumber(get(advantage, 0))).toBe(false);
    gae(advantage, target, one, one, no, yes, nan, one, discounts, 1, 1);
    expect(get(advantage, 0)).toBeNaN();
  });

  it("keeps NaN in its environment, and in the steps of its episode that come before", () => {
    let count = 0;
    const steps = 12;
    const envs = 3;
    for (let at = 0; at < steps; at++) {
      reset();
      const size = steps * envs;
      const rewards = numbers(size, 1);
      const values = numbers(size, 2);
      const terminated = flags(size, 3, 0);
      const truncated = flags(size, 4, 0);
      for (let e = 0; e < envs; e++) {
        putByte(terminated, 3 * envs + e, 1);
        putByte(truncated, 7 * envs + e, 1);
      }
      put(rewards, at * envs + 1, NaN);
      const discounts = words(6) + 4;
      store<f64>(discounts, 0.99);
      store<f64>(discounts, 0.95, 8);
      const advantages = words(size);
      const returns = words(size);
      const final = numbers(size, 5);
      gae(advantages, returns, rewards, values, terminated, truncated, final, numbers(envs, 6), discounts, steps, envs);
      const first = at <= 3 ? 0 : at <= 7 ? 4 : 8;
      for (let t = 0; t < steps; t++) {
        for (let e = 0; e < envs; e++) {
          const reached = e == 1 && t >= first && t <= at;
          if (isNotANumber(get(advantages, t * envs + e)) != reached) count++;
          if (isNotANumber(get(returns, t * envs + e)) != reached) count++;
        }
      }
      count += damage();
    }
    expect(count).toBe(0);
  });

  it("is the temporal difference for λ = 0, and the rest of the rewards for γ = λ = 1", () => {
    reset();
    const steps = 5;
    const rewards = words(steps);
    const values = words(steps);
    for (let t = 0; t < steps; t++) {
      put(rewards, t, 1 + <f32>t);
      put(values, t, 10 * <f32>t);
    }
    const no = flags(steps, 1, 0);
    const next = words(1);
    put(next, 0, 100);
    const discounts = words(6) + 4;
    store<f64>(discounts, 0.5);
    store<f64>(discounts, 0, 8);
    const advantages = words(steps);
    const returns = words(steps);
    gae(advantages, returns, rewards, values, no, no, values, next, discounts, steps, 1);
    expect(get(advantages, 0)).toBe(1 + 0.5 * 10 - 0);
    expect(get(advantages, 4)).toBe(5 + 0.5 * 100 - 40);
    store<f64>(discounts, 1);
    store<f64>(discounts, 1, 8);
    gae(advantages, returns, rewards, values, no, no, values, next, discounts, steps, 1);
    expect(get(returns, 0)).toBe(1 + 2 + 3 + 4 + 5 + 100);
    expect(get(returns, 4)).toBe(5 + 100);
    expect(get(advantages, 4)).toBe(5 + 100 - 40);
  });
});
