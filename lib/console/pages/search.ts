/** The search field: straight to whoever it names; to why nobody is called that, otherwise. */
import { findResources } from "../../ops/find-resource.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { addressOf, hrefOf } from "../addresses.ts";

export function addSearch(app: ConsoleApp, { operations }: ConsoleContext): void {
  app.get("/search", async (c) => {
    const word = (c.req.query("q") ?? "").trim();
    if (word === "") return c.redirect("/people", 303);
    const found = await findResources(operations, word);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return c.redirect(addressOf(only.head), 303);
    // Several, or nobody: the page of the name says which, or why not.
    return c.redirect(hrefOf("/why", { who: word }), 303);
  });
}
