// proximal/io: the safetensors format.

export { decodeSafetensors, encodeSafetensors, type NamedTensor, type TensorFile } from "./safetensors.ts";
