/** Real time and real chance, for the composition roots. */
import { randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import type { Chance, Clock } from "./provisioning/ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => after(ms),
};

export const systemChance: Chance = {
  uuid: () => randomUUID(),
  random: () => Math.random(),
};
