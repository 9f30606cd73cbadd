#!/usr/bin/env node
// @ts-check
// In the place of Python: speaks the protocol of src/envs/gymnasium/server.ts, and fails in the way that its
// environment is named after. What an environment shows is its seed, or -1 without one, and its steps.

import { appendFileSync, closeSync, readSync, writeSync } from "node:fs";

const [GREETING, REQUESTS, REPLIES] = [3, 4, 5];
const [, , , name = ""] = process.argv;
if (process.env.FAKE_PIDS) appendFileSync(process.env.FAKE_PIDS, `${process.pid}\n`);

/** After how many steps, or requests, something happens. */
const at = Number(/\d+$/.exec(name)?.[0] ?? Number.POSITIVE_INFINITY);
const is = (/** @type {string} */ kind) => name.startsWith(kind);
const maskSize = is("masked") ? 2 : 0;
const large = is("large") ? 100_000 : 2;
const stride = 16 + (maskSize && 8) + 8 * Math.ceil(large / 2);

const box = { type: "Box", low: "-inf", high: "inf", shape: [large], dtype: "float32" };
const greeting = {
  ...{ observationSpace: box, actionSpace: { type: "Discrete", n: 2, start: 0 } },
  ...{ rewardThreshold: 7, maxEpisodeSteps: 5, stride, fields: [{ path: [], offset: 16 + (maskSize && 8) }] },
  ...{
    maskSize,
    hasLives: false,
    isGame: false,
    actionMeanings: [],
    isSeen: is("seen"),
    framesPerSecond: null,
    versions: ["gymnasium==9.9.9"],
  },
  unsaved: is("unsaved") ? "TypeError: cannot\npickle it" : "",
};
const refusals = {
  "no gymnasium": { error: "ModuleNotFoundError: No module named 'gymnasium'", kind: "package", package: "gymnasium" },
  "no box": { error: "DependencyNotInstalled: run pip install box", kind: "package", package: "" },
  unknown: { error: "NameNotFound: no such\n  thing", kind: "name" },
  text: { error: "NotImplementedError: Text is none of Box", kind: "space" },
  broken: { error: "ValueError: no ROM", kind: "other" },
};
if (is("silent")) process.exit(3);
writeSync(GREETING, JSON.stringify(refusals[/** @type {keyof typeof refusals} */ (name)] ?? greeting));
closeSync(GREETING);
if (name in refusals) process.exit(1);

/** @type {{ seed: number, steps: number }[]} */
const envs = [{ seed: -1, steps: 0 }];
let requests = 0;
const head = Buffer.alloc(16);
while (read(head)) {
  const [operation = 0, first = 0, count = 0, bytes = 0] = new Uint32Array(head.buffer, head.byteOffset, 4);
  const payload = new Uint8Array(bytes);
  read(payload);
  requests++;
  if (is("dies") && requests > at) process.exit(0);
  if (is("raises") && requests > at) {
    reply(1, Buffer.from("in environment 1: ValueError: not\n  this"));
    continue;
  }
  if (is("prints")) process.stdout.write("a text of the environment\n");
  if (operation === 0) for (let index = envs.length; index < count; index++) envs.push({ seed: -1, steps: 0 });
  if (operation === 3) reply(0, Buffer.from(JSON.stringify(envs[first])));
  else if (operation === 4) restore(first, payload);
  else if (operation === 5) reply(0, picture(/** @type {{ seed: number, steps: number }} */ (envs[first])));
  else reply(0, operation === 0 ? new Uint8Array(0) : records(operation, first, count, payload));
}

/** Reads all of `bytes`; false where the pipe was closed. @param {Uint8Array} bytes */
function read(bytes) {
  for (let got = 0; got < bytes.length; ) {
    const more = readSync(REQUESTS, bytes, got, bytes.length - got, null);
    if (more === 0) return false;
    got += more;
  }
  return true;
}

/** @param {number} status @param {Uint8Array} bytes */
function reply(status, bytes) {
  const head = Uint32Array.of(status, bytes.length);
  const all = Buffer.concat([new Uint8Array(head.buffer), bytes]);
  const piece = is("pieces") ? 3 : all.length;
  for (let sent = 0; sent < all.length; ) sent += writeSync(REPLIES, all, sent, Math.min(piece, all.length - sent));
}

/** @param {number} index @param {Uint8Array} payload */
function restore(index, payload) {
  try {
    envs[index] = JSON.parse(new TextDecoder().decode(payload));
    reply(0, new Uint8Array(0));
  } catch {
    reply(1, Buffer.from(`in environment ${index}: UnpicklingError: not a pickle`));
  }
}

/** Two rows of three pixels, all of the colour [seed, steps, 255]. @param {{ seed: number, steps: number }} env */
function picture({ seed, steps }) {
  const pixels = Array.from({ length: 6 }, () => [seed, steps, 255]);
  return Buffer.concat([new Uint8Array(Uint32Array.of(2, 3).buffer), Uint8Array.from(pixels.flat())]);
}

/** @param {number} operation @param {number} first @param {number} count @param {Uint8Array} payload */
function records(operation, first, count, payload) {
  const buffer = new ArrayBuffer(count * stride);
  const numbers = new Float64Array(payload.buffer, 0, operation === 1 ? count : 0);
  const actions = new Int32Array(payload.buffer, 0, operation === 2 ? count : 0);
  for (let index = 0; index < count; index++) {
    const env = /** @type {{ seed: number, steps: number }} */ (envs[first + index]);
    if (operation === 1) Object.assign(env, { seed: numbers[index] ?? -1, steps: 0 });
    else env.steps++;
    if (Number.isNaN(env.seed)) env.seed = -1;
    const view = new DataView(buffer, index * stride, stride);
    view.setFloat64(0, operation === 2 ? 1 + (actions[index] ?? 0) : 0, true);
    // Every third step ends an episode: of the environments with even numbers by itself, of the others from outside.
    if (operation === 2 && env.steps === 3) view.setUint8((first + index) % 2 === 0 ? 12 : 13, 1);
    if (maskSize > 0) view.setUint8(16 + (env.steps % 2), 1);
    const at = 16 + (maskSize && 8);
    view.setFloat32(at, env.seed, true);
    view.setFloat32(at + 4, env.steps, true);
    if (large > 2) view.setFloat32(at + 4 * (large - 1), first + index, true);
  }
  return new Uint8Array(buffer);
}
