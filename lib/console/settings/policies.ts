/** What the tenant file decides, in words, each with the key under which it stands there. */
import type { TenantSettings } from "../../provisioning/tenant-settings.ts";
import { counted, whole } from "../../ops/words.ts";
import { table } from "../components.ts";
import { type Content, html, type Html, joined } from "../html.ts";
import { shownValue, type View } from "../view.ts";

type Policy = readonly [what: string, decided: Content, key: string];

export function policiesTable(view: View, settings: TenantSettings): Html {
  const all = [
    ...ofPeople(settings),
    ...ofGroups(settings),
    ...ofLeavers(settings),
    ...ofCallers(settings),
    ...ofOperators(view, settings),
  ];
  return table(
    "Limits and policies of the tenant file",
    [{ title: "What" }, { title: "As it is" }, { title: "Key in the file", isMinor: true }],
    all.map(([what, decided, key]) => ({ cells: [what, decided, html`<code>${key}</code>`] })),
  );
}

function ofPeople({ mapping, lifecycle, evidence }: TenantSettings): Policy[] {
  const { rehire, onDelete } = lifecycle;
  return [
    [
      "Attributes of the application",
      html`${counted(Object.keys(mapping.attributes).length, "attribute")}: <a href="/mapping">the mapping</a>`,
      "mapping.attributes",
    ],
    [
      "A user that cannot be mapped",
      mapping.policy === "reject"
        ? "refused, with the reason for the identity provider"
        : "accepted and parked, until it is mended",
      "mapping.policy",
    ],
    [
      "Somebody who comes back under the same userName",
      rehire === "conflict"
        ? "refused with a 409 while the old user is there"
        : "the old user comes back, when externalId is the same",
      "lifecycle.rehire",
    ],
    [
      "The profile of a deleted user",
      onDelete.entry === "remove" ? "goes at once" : `stays for ${whole(onDelete.days)} days`,
      "lifecycle.onDelete",
    ],
    [
      "Evidence of what was changed, asked for and refused",
      `kept for ${counted(evidence.days, "day")}`,
      "evidence.days",
    ],
  ];
}

function ofGroups({ groups, resourceTypes = [], schemas = [] }: TenantSettings): Policy[] {
  return [
    [
      "Two groups of one name",
      groups.uniqueNames ? "the second one is refused" : "both are kept",
      "groups.uniqueNames",
    ],
    [
      "A member that nobody knows",
      groups.unknownMembers === "reject" ? "the request is refused" : "that member is left out, and noted",
      "groups.unknownMembers",
    ],
    [
      "Resource types and schemas of its own",
      resourceTypes.length + schemas.length === 0
        ? "none"
        : `${counted(resourceTypes.length, "resource type")}, ${counted(schemas.length, "schema")}`,
      "resourceTypes, schemas",
    ],
  ];
}

function ofLeavers({ leavers: { limitMinutes, brake } }: TenantSettings): Policy[] {
  const { people, percent, windowMinutes, action } = brake;
  return [
    ["Leavers are suspended", `within ${limitMinutes} min; later is a breach`, "leavers.limitMinutes"],
    [
      "The brake against a mass deactivation",
      `trips when more than ${counted(people, "person", "people")}, or ${percent} % of all, leave within ${windowMinutes} min; then it ${action === "hold" ? "holds whoever leaves until somebody decides" : "only tells"}`,
      "leavers.brake",
    ],
  ];
}

function ofCallers({ allowFrom, domain, trustsProxy }: TenantSettings): Policy[] {
  return [
    ["Requests may come", allowFrom === undefined ? "from anywhere" : `from ${allowFrom.join(", ")}`, "allowFrom"],
    ["Name of its own", domain === undefined ? "none: the gateway’s address" : domain.name, "domain.name"],
    [
      "Client certificates",
      domain?.mutualTls === undefined ? "not asked for: the token is enough" : "asked for, besides the token",
      "domain.mutualTls",
    ],
    [
      "A proxy in front",
      trustsProxy ? "is believed when it names the public address" : "none is believed",
      "trustsProxy",
    ],
  ];
}

function ofOperators(view: View, { alarms, dashboard, logRetentionDays, environment }: TenantSettings): Policy[] {
  const { pendingMinutes, topicArn, email = [], runbookUrl } = alarms;
  const told: Content[] = [
    ...(topicArn === undefined ? [] : ["an SNS topic"]),
    ...email.map((one) => html`<bdi>${shownValue(view, one)}</bdi>`),
  ];
  return [
    ["The alarm rings when a change waits", `for more than ${pendingMinutes} min`, "alarms.pendingMinutes"],
    [
      "Alarms tell",
      told.length === 0 ? "nobody: they are seen in CloudWatch alone" : joined(told, ", "),
      "alarms.topicArn, alarms.email",
    ],
    ["The page that operators read", runbookUrl ?? "not named", "alarms.runbookUrl"],
    ["A dashboard in CloudWatch", dashboard ? "yes" : "no", "dashboard"],
    ["Logs of the functions", `kept for ${counted(logRetentionDays, "day")}`, "logRetentionDays"],
    ["Region", environment.region, "environment.region"],
  ];
}
