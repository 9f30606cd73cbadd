// proximal/envs/classic-control: Gymnasium's family of small physical systems. All of them are registered in `proximal`
// already; here are their classes.

export { Acrobot } from "./acrobot.ts";
export type { ClassicControlActions } from "./actions.ts";
export { CartPole } from "./cartpole.ts";
export { MountainCar } from "./mountain-car.ts";
export { MountainCarContinuous } from "./mountain-car-continuous.ts";
export { Pendulum } from "./pendulum.ts";
export { classicControl } from "./registrations.ts";
