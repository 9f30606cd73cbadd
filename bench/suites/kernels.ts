// Kernels: floating-point operations a second beside the peak of the same run, and elements a second.

import { Engine, type KernelVariant } from "proximal/engine";
import { measure, median } from "../measure.ts";
import { type Probe, peakOf, probesOf } from "../peak.ts";
import { place } from "../place.ts";
import { duration, percent, significant, type Table } from "../table.ts";

/** m, k, n. */
const PRODUCTS = [
  [4, 64, 64],
  [8, 64, 64],
  [16, 64, 64],
  [32, 64, 64],
  [128, 4, 64],
  [128, 64, 64],
  [128, 64, 2],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
] as const;

/**
 * The layers of the network of Mnih et al. (2015) and their minibatch. Each one's images are [side, side, channels];
 * the first one's are bytes, which have no gradient.
 */
const CONVOLUTIONS = [
  { side: 84, channels: 4, size: 8, stride: 4, filters: 32, elementBytes: 1 },
  { side: 20, channels: 32, size: 4, stride: 2, filters: 64, elementBytes: 4 },
  { side: 9, channels: 64, size: 3, stride: 1, filters: 64, elementBytes: 4 },
] as const;
const IMAGES = 256;

const ELEMENTWISE = ["tanh", "exp", "log", "sigmoid", "relu"] as const;
const ELEMENTS = 4096;

/** In GFLOP/s. */
interface Product {
  readonly shape: string;
  readonly forward: number;
  /** None where the input has none. */
  readonly inputGradient?: number;
  readonly weightGradient: number;
}

export interface KernelResults {
  /** In GFLOP/s. */
  readonly peak: number;
  readonly products: readonly Product[];
  /** Not there in what was recorded before there were any. */
  readonly convolutions?: readonly Product[];
  readonly elementwise: readonly { readonly name: string; readonly elementsPerSecond: number }[];
  /** Seconds. */
  readonly adam: number;
}

/** @param options.time milliseconds for each measurement */
export async function kernels(variant: KernelVariant, options: { readonly time: number }): Promise<KernelResults> {
  const engine = await Engine.create({ kernels: variant });
  const probes = await probesOf(variant);
  const peaks: number[] = [];
  const products: Product[] = [];
  for (const [m, k, n] of PRODUCTS) {
    const owner = {};
    const operand = (length: number): number => place(engine, length, owner);
    const scratch = (depth: number, columns: number): number =>
      engine.allocate(engine.kernels.matmulScratch(depth, columns), owner);
    const [x, weight, y, bias, dx, dw] = [
      operand(m * k),
      operand(k * n),
      operand(m * n),
      operand(n),
      operand(m * k),
      operand(k * n),
    ] as const;
    const [forwardScratch, inputScratch, weightScratch] = [scratch(k, n), scratch(n, k), scratch(m, n)] as const;
    const seconds = await measure(
      [
        ...probes,
        { name: "forward", run: () => engine.kernels.matmul(y, x, weight, bias, m, k, n, 0, forwardScratch) },
        { name: "input", run: () => engine.kernels.matmulNT(dx, y, weight, m, n, k, inputScratch) },
        { name: "weight", run: () => engine.kernels.matmulTN(dw, x, y, k, m, n, weightScratch) },
      ],
      options,
    );
    const rate = (time: number): number => (2 * m * k * n) / time / 1e9;
    peaks.push(peakOf(probes, seconds) / 1e9);
    products.push({
      shape: `${m} x ${k} x ${n}`,
      forward: rate(seconds.forward),
      inputGradient: rate(seconds.input),
      weightGradient: rate(seconds.weight),
    });
  }

  const convolutions: Product[] = [];
  for (const layer of CONVOLUTIONS) convolutions.push(await convolution(engine, layer, probes, peaks, options));

  const owner = {};
  // The networks of CleanRL's ppo.py have 9,155 parameters.
  const size = 2 * ELEMENTS;
  const operand = (): number => place(engine, size, owner);
  const [input, output, m, v] = [operand(), operand(), operand(), operand()] as const;
  const settings = engine.allocate(36, owner);
  engine.view("float32", settings, 9).set([1e-3, 0.9, 0.1, 0.999, 0.001, 1, 1e-5, 1, 1]);
  const seconds = await measure(
    [
      ...ELEMENTWISE.map((name) => ({ name, run: () => engine.kernels[name](output, input, ELEMENTS) })),
      { name: "adam", run: () => engine.kernels.adam(output, m, v, input, settings, size) },
    ],
    options,
  );
  return {
    peak: median(peaks),
    products,
    convolutions,
    elementwise: ELEMENTWISE.map((name) => ({ name, elementsPerSecond: ELEMENTS / seconds[name] })),
    adam: seconds.adam,
  };
}

/** One layer of `IMAGES` images, with ReLU. */
async function convolution(
  engine: Engine,
  { side, channels, size, stride, filters, elementBytes }: (typeof CONVOLUTIONS)[number],
  probes: readonly Probe[],
  peaks: number[],
  options: { readonly time: number },
): Promise<Product> {
  const { kernels } = engine;
  const owner = {};
  const out = Math.floor((side - size) / stride) + 1;
  const depth = size * size * channels;
  const operand = (length: number): number => place(engine, length, owner);
  const [image, features] = [IMAGES * side * side * channels, IMAGES * out * out * filters];
  const [x, weight, bias, y] = [operand(image), operand(depth * filters), operand(filters), operand(features)] as const;
  const [dx, dw] = [operand(image), operand(depth * filters)] as const;
  const geometry = engine.allocate(64, owner);
  engine
    .view("int32", geometry, 11)
    .set([side, side, channels, size, size, filters, stride, 0, out, out, elementBytes]);
  const scratch = engine.allocate(kernels.convolutionScratch(size, size * channels, filters), owner);
  const input = { name: "input", run: () => kernels.convolutionInputAdjoint(dx, y, weight, geometry, IMAGES, scratch) };
  const seconds = await measure(
    [
      ...probes,
      { name: "forward", run: () => kernels.convolution(y, x, weight, bias, geometry, IMAGES, 2, scratch) },
      { name: "weight", run: () => kernels.convolutionWeightAdjoint(dw, x, y, geometry, IMAGES, scratch) },
      ...(elementBytes === 1 ? [] : [input]),
    ],
    options,
  );
  peaks.push(peakOf(probes, seconds) / 1e9);
  const rate = (time = Number.NaN): number => (2 * features * depth) / time / 1e9;
  return {
    shape: `${side} x ${side} x ${channels}${elementBytes === 1 ? " bytes" : ""}, ${filters} of ${size} x ${size} / ${stride}`,
    forward: rate(seconds.forward),
    ...(elementBytes === 1 ? {} : { inputGradient: rate(seconds.input) }),
    weightGradient: rate(seconds.weight),
  };
}

export function kernelTables(
  variant: KernelVariant,
  { peak, products, convolutions, elementwise, adam }: KernelResults,
): Table[] {
  const cell = (rate?: number): string => (rate === undefined ? "" : `${rate.toFixed(1)} (${percent(rate / peak)})`);
  const rowOf = ({ shape, forward, inputGradient, weightGradient }: Product): string[] => [
    shape,
    ...[forward, inputGradient, weightGradient].map(cell),
  ];
  return [
    {
      title: `Matrix products, ${variant}: GFLOP/s and share of the peak of ${peak.toFixed(1)} GFLOP/s`,
      columns: ["rows x in x out", "x W + b", "dY Wᵀ", "Xᵀ dY"],
      rows: products.map(rowOf),
      note:
        "The peak is the better of two probes, bench/peak.ts. " +
        "A share above 100% says that this engine compiles the probes worse than the product.",
    },
    ...(convolutions === undefined
      ? []
      : [
          {
            title: `Convolutions, ${variant}: ${IMAGES} images, GFLOP/s and share of the same peak`,
            columns: ["height x width x channels, filters / stride", "x * W + b, ReLU", "by x", "by W"],
            rows: convolutions.map(rowOf),
            note: "The layers of Mnih et al. (2015). The first one's images are bytes, which have no gradient.",
          },
        ]),
    {
      title: `Elementwise, ${variant}: ${ELEMENTS} elements at a time`,
      columns: ["kernel", "million elements/s"],
      rows: elementwise.map(({ name, elementsPerSecond }) => [name, significant(elementsPerSecond / 1e6)]),
      note: `Adam over ${2 * ELEMENTS} parameters: ${duration(adam)}.`,
    },
  ];
}
