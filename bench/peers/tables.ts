// The tables of the comparison.

import { grouped } from "#cli/numbers";
import { duration, type Table } from "../table.ts";
import type { PeerResults } from "./results.ts";

export function peerTables({ peak, measured, trained, pendulum = [] }: PeerResults): Table[] {
  const shapes = Object.keys(measured[0]?.products ?? {});
  return [
    {
      title: "PPO on CartPole-v1 with CleanRL's hyper-parameters: steps a second",
      columns: ["", "version", "steps/s"],
      rows: trained.map(({ name, version, stepsPerSecond }) => [name, version, grouped(stepsPerSecond)]),
    },
    ...(pendulum.length > 0
      ? [
          {
            title: "PPO on Pendulum-v1 with the settings of RLtools' benchmark: steps a second",
            columns: ["", "version", "steps/s"],
            rows: pendulum.map(({ name, version, stepsPerSecond }) => [name, version, grouped(stepsPerSecond)]),
            note: "RLtools is native code with wider vectors, and OpenBLAS below it.",
          },
        ]
      : []),
    {
      title: `Matrix products: GFLOP/s, beside a peak of ${peak.toFixed(1)} with 128-bit vectors`,
      columns: ["", "version", ...shapes],
      rows: measured.map(({ name, version, products }) => [
        name,
        version,
        ...shapes.map((shape) => (products[shape] ?? Number.NaN).toFixed(1)),
      ]),
      ...(measured.some(({ name }) => name.startsWith("PyTorch")) && {
        note: "PyTorch is native code with wider vectors; the others are WebAssembly.",
      }),
    },
    {
      title: "A 4-64-64-2 tanh network: a train step of 64 rows with Adam, and acting on one observation",
      columns: ["", "train step", "act"],
      rows: measured
        .filter(({ act }) => act !== undefined)
        .map(({ name, trainStep, act }) => [
          name,
          trainStep === undefined ? "does not train" : duration(trainStep),
          duration(act ?? Number.NaN),
        ]),
    },
  ];
}
