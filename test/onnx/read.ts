// Reads a message of Protocol Buffers by the encoding alone, and of an ONNX model what the tests look at, by the
// numbers of fields in onnx.proto.

/** The values of each field, by its number: bytes, or an integer. */
type Message = ReadonlyMap<number, readonly (Uint8Array | bigint)[]>;

function messageOf(bytes: Uint8Array): Message {
  const fields = new Map<number, (Uint8Array | bigint)[]>();
  let at = 0;
  const integer = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++] as number);
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(integer());
    const [number, how] = [tag >> 3, tag & 7];
    if (how !== 0 && how !== 2) throw new Error(`field ${number} is written as ${how}`);
    let value: Uint8Array | bigint = integer();
    if (how === 2) {
      const end = at + Number(value);
      if (end > bytes.length) throw new Error(`field ${number} ends behind its message`);
      value = bytes.slice(at, end);
      at = end;
    }
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((bytes) => messageOf(bytes as Uint8Array));
const message = (whole: Message, field: number) => messages(whole, field)[0] as Message;
const texts = (message: Message, field: number): string[] =>
  (message.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));
const text = (message: Message, field: number) => texts(message, field)[0];
const integers = (message: Message, field: number): number[] => (message.get(field) ?? []).map(Number);

function arrayOf(array: Message) {
  const type = message(message(array, 2), 1);
  const sizes = messages(message(type, 2), 1).map((size) => text(size, 2) ?? integers(size, 1)[0]);
  return { name: text(array, 1), type: integers(type, 1)[0], shape: sizes };
}

export function readModel(bytes: Uint8Array) {
  const model = messageOf(bytes);
  const graph = message(model, 7);
  return {
    irVersion: integers(model, 1)[0],
    producer: text(model, 2),
    opsets: messages(model, 8).map((opset) => [text(opset, 1), integers(opset, 2)[0]]),
    metadata: Object.fromEntries(messages(model, 14).map((entry) => [text(entry, 1), text(entry, 2) as string])),
    inputs: messages(graph, 11).map(arrayOf),
    outputs: messages(graph, 12).map(arrayOf),
    nodes: messages(graph, 1).map((node) => ({
      ...{ operator: text(node, 4), inputs: texts(node, 1), outputs: texts(node, 2) },
      attributes: messages(node, 5).map((attribute) => text(attribute, 1)),
    })),
    tensors: messages(graph, 5).map((tensor) => ({
      ...{ name: text(tensor, 8), type: integers(tensor, 2)[0], shape: integers(tensor, 1) },
      data: tensor.get(9)?.[0] as Uint8Array,
    })),
  };
}
