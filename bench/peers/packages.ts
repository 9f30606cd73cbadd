// The packages of the peers, which are those of bench/peers/javascript/package.json: this repository has neither them
// nor their types. An adapter writes down the types of what it uses.

import { createRequire } from "node:module";
import { at } from "../repository.ts";

/** Loads one of them. */
export const requirePeer = createRequire(at("bench/peers/javascript/package.json"));
