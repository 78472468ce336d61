/** What to do, the most helpful first: who does it, and the command where there is one. */
import type { Action, Explanation } from "../../ops/explain/explanation.ts";
import { idpWords } from "../../ops/idp/idp.ts";
import { chip, command as commandLine, withCode } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";

export function actionsPart({ actions, subject }: Pick<Explanation, "actions" | "subject">): Html {
  if (actions.length === 0) return html`<p class="quiet">Nothing is to be done.</p>`;
  const { title } = idpWords(subject.idp);
  return html`<ol class="advice">
    ${actions.map((action) => actionItem(action, title))}
  </ol>`;
}

function actionItem({ who, text, command }: Action, idp: string): Html {
  const where = {
    idp: chip("info", `at ${idp}`),
    operator: chip("quiet", "here"),
    application: chip("quiet", "in the application"),
  }[who];
  return html`<li>
    <p dir="auto">${where} ${withCode(text)}</p>
    ${command === undefined ? nothing : commandLine(command, "$")}
  </li>`;
}
