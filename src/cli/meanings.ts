// What the help says of each hyper-parameter. The library does not carry it: a page would, too.

import type { Hyperparameters } from "../ppo/hyperparameters.ts";

export const meanings: Readonly<Record<keyof Hyperparameters, string>> = {
  learningRate: "Adam's step size",
  annealLearningRate: "lower the learning rate in a line to 0",
  numSteps: "steps of each environment between updates",
  numMinibatches: "minibatches in an epoch",
  numEpochs: "epochs in an update",
  gamma: "discount",
  gaeLambda: "lambda of generalized advantage estimation",
  clipRange: "epsilon of the clipped objective",
  annealClipRange: "lower the clip range in a line to 0",
  clipValueLoss: "clip the value loss by the clip range",
  normalizeAdvantages: "normalise advantages in each minibatch",
  entropyCoefficient: "weight of the entropy bonus",
  valueCoefficient: "weight of the value loss",
  maxGradNorm: "largest gradient norm, or Infinity",
  adamEpsilon: "epsilon of Adam",
  targetKl: "KL that ends an update early, or none",
  desiredKl: "KL that the learning rate adapts to, or none",
  hiddenSizes: "hidden layers of actor and critic",
  activation: "activation of hidden layers",
  seed: "seed of everything random",
  kernels: "strict: same bits everywhere; fma: faster",
};
