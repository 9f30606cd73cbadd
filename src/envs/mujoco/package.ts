// What these environments need to be installed.

/** The package that is needed, as npm takes it. Other versions compute other numbers, and are refused. */
export const REQUIRES = "@mujoco/mujoco@3.14.0";
