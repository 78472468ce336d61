/** What the buttons of a page about somebody, or about a group, do: apply again, replay, a support bundle. */
import { addressOf, hrefOf } from "../addresses.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import type { Job } from "../jobs.ts";
import { page } from "../layout.ts";
import { notStored } from "../pages/why.ts";
import { viewOf } from "../view.ts";
import { bundleFile, bundleQuestion } from "./bundle.ts";
import { headWithId } from "./read-person.ts";
import { startApplyAgain, startReplay } from "./work.ts";

/** `place`: before the id in the address. */
export function addActPages(app: ConsoleApp, context: ConsoleContext, place: "/people" | "/groups"): void {
  const { operations: o } = context;

  for (const [path, start] of [
    ["again", startApplyAgain],
    ["replay", startReplay],
  ] as const)
    app.post(`${place}/:id/${path}`, async (c) => {
      const head = await headWithId(o, c.req.param("id"));
      if (head === undefined) return await notStored(c, context);
      const job = start(context, head);
      return c.redirect(hrefOf(addressOf(head), { job: job.id }), 303);
    });

  app.get(`${place}/:id/bundle`, async (c) => {
    const head = await headWithId(o, c.req.param("id"));
    if (head === undefined) return await notStored(c, context);
    const view = viewOf(c, context);
    return c.html(page(view, { title: "Support bundle", place, content: bundleQuestion(view, head, context) }));
  });

  app.post(`${place}/:id/bundle`, async (c) => {
    const head = await headWithId(o, c.req.param("id"));
    if (head === undefined) return await notStored(c, context);
    const { values } = await c.req.parseBody();
    return await bundleFile(c, context, head, { masked: values !== "shown" });
  });
}

/** The work that the address names. */
export function jobOf(c: ConsoleRequest, { jobs }: Pick<ConsoleContext, "jobs">): Job | undefined {
  const id = c.req.query("job");
  return id === undefined ? undefined : jobs.find(id);
}
