/** Why nobody is found by a name, or whom of several it means. */
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { page } from "../layout.ts";
import { askedOf } from "../person/asked.ts";
import { whyContent, whyEmpty } from "../person/why-page.ts";
import { viewOf } from "../view.ts";

const place = "/people";

export function addWhyPage(app: ConsoleApp, context: ConsoleContext): void {
  app.get("/why", async (c) => {
    const view = viewOf(c, context);
    const word = (c.req.query("who") ?? "").trim();
    if (word === "") return c.html(page(view, { title: "Why?", place, content: whyEmpty() }));
    return c.html(page(view, { title: word, place, content: await whyContent(view, context, word, askedOf(c)) }));
  });
}

/** Of an id in an address that nothing has. */
export async function notStored(c: ConsoleRequest, context: ConsoleContext): Promise<Response> {
  const view = viewOf(c, context);
  const id = c.req.param("id") ?? "";
  return c.html(page(view, { title: id, place, content: await whyContent(view, context, id, {}) }), 404);
}
