/** Values are masked until they are asked for, for as long as the session lasts. */
import { pathOfOurs } from "../addresses.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";

export function addValuesSwitch(app: ConsoleApp, { actions }: ConsoleContext): void {
  app.post("/values", async (c) => {
    const { show, back } = await c.req.parseBody();
    const session = c.get("session");
    session.showsValues = show === "yes";
    actions({ action: "values", outcome: session.showsValues ? "shown in this session" : "masked again" });
    return c.redirect(pathOfOurs(back), 303);
  });
}
