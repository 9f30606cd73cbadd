// The train step that proximal and its peers are measured with: the policy gradient of 64 rows for a 4-64-64-2 tanh
// network, and Adam.

import { type Engine, Stream } from "proximal/engine";
import { MLP, Parameters } from "proximal/nn";
import { Adam } from "proximal/optim";
import { float32, gather, int32, logSoftmax, mean, negate, program } from "proximal/tensor";

/** One step: forward, backward, Adam. */
export function makeTrainStep(engine: Engine): () => void {
  const parameters = new Parameters(engine);
  const network = new MLP(parameters, "network", [4, 64, 64, 2]);
  parameters.initialize(new Stream(engine, 1, "initialization"));
  const gradient = program(
    engine,
    { x: float32([64, 4]), actions: int32([64]) },
    ({ x, actions }) => ({ loss: negate(mean(gather(logSoftmax(network.forward(x)), actions))) }),
    { differentiate: parameters },
  );
  gradient.inputs.x.set(Array.from({ length: 256 }, (_, index) => (index % 17) / 17 - 0.5));
  gradient.inputs.actions.set(Array.from({ length: 64 }, (_, index) => index % 2));
  const adam = new Adam(parameters, { learningRate: 1e-4 });
  return () => {
    gradient.run();
    adam.step();
  };
}
