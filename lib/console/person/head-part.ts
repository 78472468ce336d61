/** Who it is: ids to copy, how far what was said has come. */
import { nameOf } from "../../ops/find-resource.ts";
import type { Explanation } from "../../ops/explain/explanation.ts";
import { idpWords } from "../../ops/idp/idp.ts";
import { copyable, copyButton, facts, name, section, time } from "../components.ts";
import { type Content, html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import type { PersonFacts } from "./read-person.ts";

export function headPart(view: View, { stored }: PersonFacts, { subject }: Pick<Explanation, "subject">): Html {
  const { head, entry } = stored;
  const { type, id, version, applied, created, lastModified, resource } = head;
  const { externalId } = resource;
  const called = nameOf(head);
  const pairs: (readonly [string, Content])[] = [
    ["id", copyable(id, "the id")],
    ...(called === undefined ? [] : [["name", named(called, "the name")] as const]),
    ...(typeof externalId === "string" ? [["externalId", copyable(externalId, "the externalId")] as const] : []),
    ["type", type],
    ["identity provider", subject.idp === undefined ? "not recognised" : idpWords(subject.idp).title],
    ["accepted", html`version ${version}, ${time(view, lastModified)}`],
    [
      "applied",
      applied === 0
        ? "nothing yet"
        : html`version ${applied}${entry === undefined ? "" : html`, ${time(view, entry.appliedAt)}`}`,
    ],
    ["the application reads", entry === undefined ? "no entry" : html`${entry.state}, version ${entry.version}`],
    ["created", time(view, created)],
  ];
  return section("Who it is", facts(pairs), { id: "who" });
}

function named(text: string, label: string): Html {
  return html`${name(text)}${copyButton(text, `Copy ${label}`)}`;
}
