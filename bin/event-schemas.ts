/** Writes docs/events/*.schema.json, one for each type of event: `npm run event-schemas`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventJsonSchema, eventTypes } from "../lib/events/event-schema.ts";

const folder = join(import.meta.dirname, "../docs/events");
mkdirSync(folder, { recursive: true });
for (const type of eventTypes)
  writeFileSync(join(folder, `${type}.schema.json`), `${JSON.stringify(eventJsonSchema(type), undefined, 2)}\n`);
