// proximal/onnx: policies for runtimes of ONNX. A page that trains does not carry it.

export { toOnnx } from "./policy.ts";
