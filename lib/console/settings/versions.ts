/** What runs here, and in whose name. */
import { format, pointerFormat } from "../../provisioning/format.ts";
import { copyable, facts, section } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { html, type Html } from "../html.ts";

export function versionsSection({ version, operations, baseUrl }: ConsoleContext): Html {
  return section(
    "Versions",
    html`${facts([
        ["Rollcall, here", version],
        ["Node, here", process.version],
        ["Mapping of users", html`<code>${operations.tenant.mapping.hash}</code>`],
        ["Format of items", `${format}, of pointers ${pointerFormat}`],
      ])}
      <p>SCIM base URL: ${baseUrl === undefined ? "not written down here" : copyable(baseUrl, "the base URL")}</p>`,
  );
}

export function actorSection({ actor, actionsAt }: ConsoleContext): Html {
  return section(
    "Who acts here",
    html`<p>You are <bdi>${actor}</bdi>.</p>
      <p>Action log: ${actionsAt === undefined ? "not kept" : copyable(actionsAt, "the path of the action log")}</p>
      <p class="quiet">
        Each button that changes something writes a line there: when, who, what, to which id, and what came of it. No
        values of anybody stand in it.
      </p>`,
  );
}
