/** The support bundle as a file: masked at a press, as it is after a page that asks. */
import { bundleFileName } from "../../ops/support-bundle/file-name.ts";
import { supportBundle } from "../../ops/support-bundle/bundle.ts";
import { asMarkdown } from "../../ops/support-bundle/markdown.ts";
import { commandFor } from "../../ops/command.ts";
import { nameOf } from "../../ops/find-resource.ts";
import type { Head } from "../../provisioning/head.ts";
import { logged } from "../action-log.ts";
import { addressOf } from "../addresses.ts";
import { actionForm, command, linkButton, name, section } from "../components.ts";
import type { ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";

/** Asks whether values are to leave as they are. */
export function bundleQuestion(view: View, head: Head, { operations }: ConsoleContext): Html {
  const here = addressOf(head);
  const content = html`<p>
      The file will hold names, e-mail addresses and all other values of
      <strong>${name(nameOf(head) ?? head.id)}</strong> as they are: personal data. Send it only where that may go.
    </p>
    <div class="acts-row">
      ${actionForm(view, { action: `${here}/bundle`, button: "Download with values", tone: "danger", hidden: { values: "shown" } })}
      ${actionForm(view, { action: `${here}/bundle`, button: "Download masked", tone: "primary" })}
      ${linkButton(here, "Back")}
    </div>
    ${command(commandFor(operations, `support-bundle ${head.id} --unmasked`))}`;
  return section("With values as they are?", content);
}

/** Errors: TableError. */
export async function bundleFile(
  c: ConsoleRequest,
  { operations, loaded, version, actions }: ConsoleContext,
  { type, id }: Head,
  { masked }: { masked: boolean },
): Promise<Response> {
  const { settings, hash: fileHash } = loaded;
  const options = { settings, fileHash, rollcall: version, node: process.version, masked };
  const make = async () => await supportBundle(operations, id, options);
  const bundle = await logged(actions, { action: "support-bundle", subject: `${type}/${id}` }, make, () => ({
    outcome: masked ? "masked" : "with values as they are",
  }));
  return c.body(asMarkdown(bundle), 200, {
    "content-type": "text/markdown; charset=utf-8",
    "content-disposition": `attachment; filename="${bundleFileName(bundle)}"`,
    "cache-control": "no-store",
  });
}
