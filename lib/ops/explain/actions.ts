/** What to do, by verdict: in the words of the identity provider that is to do it. */
import { clientPlace, newClientCommand } from "../idp/new-token.ts";
import { type IdpWords, idpWords } from "../idp/idp.ts";
import { application, idp, operator, replay, resync, who } from "./advice.ts";
import { missesOf, refusedOf } from "./asked-for.ts";
import type { Action, VerdictCode } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import { predecessorOf, unmappedLookalikes } from "./findings.ts";
import { parked } from "./parked-actions.ts";
import { isGroup, isSilent, kindOf, listed, wordsOf } from "./sentences.ts";
import { upperFirst } from "../words.ts";

export function actionsOf(facts: Facts, code: VerdictCode): Action[] {
  const words = wordsOf(facts);
  const own = byVerdict[code](facts, words);
  // A broken connection is to be mended whatever else is wrong: nothing new arrives before.
  const broken = facts.heard.rejected !== undefined && code !== "token-rejected" ? letIn(facts, words) : [];
  return [...own, ...broken].map((action) =>
    action.command === undefined ? action : { ...action, command: facts.command(action.command) },
  );
}

type Advise = (facts: Facts, words: IdpWords) => Action[];

const byVerdict: Readonly<Record<VerdictCode, Advise>> = {
  "in-sync": inSync,
  "idp-silent": idpSilent,
  "token-rejected": letIn,
  "never-named": neverNamed,
  "looked-up-not-created": notCreated,
  refused,
  waiting,
  parked,
  "attribute-missing": attributeMissing,
  "attribute-differs": applyAgain,
  "still-active": stillActive,
  deactivated,
  "soft-deleted": softDeleted,
  deleted,
  unknown,
};

function inSync(facts: Facts, words: IdpWords): Action[] {
  const { heard, now } = facts;
  return [
    ...(isSilent(heard, now) ? [idp(`See whether provisioning is on: ${words.switchOn}.`)] : []),
    ...missesOf(facts)
      .slice(0, 1)
      .map(() => idp(`It looks for ${kindOf(facts)}s by something else than they have here: ${words.matching}.`)),
    ...cameBack(facts),
    // Whoever asks about an attribute does not ask about leaving.
    ...(facts.stored?.head.type === "User" && facts.asked.attribute === undefined
      ? [operator("If it should be inactive:", `explain ${who(facts)} --expect inactive`)]
      : []),
    idp(`If it should be otherwise, have it sent again: ${words.forceOneUser}.`),
    application(
      "If the application shows something else, it does not read the directory's entry: see docs/directory-schema.md.",
    ),
  ];
}

/** Somebody new under the name of somebody deleted is often the same person, come back. */
function cameBack(facts: Facts): Action[] {
  const former = predecessorOf(facts);
  if (former === undefined || facts.stored === undefined) return [];
  const { head } = former;
  const both = `${head.id} (before) and ${facts.stored.head.id} (now)`;
  return [
    ...(head.state === "live"
      ? [
          idp(
            "If it is the same person, come back: delete the new account there and restore the deleted one within 30 days of its deletion; then id, profile and memberships are those of before.",
          ),
        ]
      : []),
    application(`Or let it give to the new one what belonged to the old one: ${both}.`),
  ];
}

function idpSilent({ heard }: Facts, words: IdpWords): Action[] {
  return [
    ...(heard.alive === 0 ? [operator("Make a token:", makeToken(words))] : []),
    idp(`Switch provisioning on: ${words.switchOn}.`),
    idp(`Compare the URL and the token: ${words.baseUrlField}, ${words.tokenField}; then ${words.testConnection}.`),
    operator("See whether anything arrives:", "doctor"),
  ];
}

function letIn({ heard }: Facts, words: IdpWords): Action[] {
  const { why, address = "", isClient } = heard.rejected ?? {};
  if (why === "address") {
    return [
      operator(`If ${address} is one of its addresses, add its range to allowFrom of the tenant file, and deploy.`),
      operator("If it is not, somebody else has the token, or its id: revoke it, and make another.", "token ls"),
      idp(`Then have all of them sent again: ${words.forceAll}.`),
    ];
  }
  const compare = why === "wrongSecret" || why === "malformed";
  const paste =
    isClient === true
      ? [
          operator("Make a client, unless its id and secret were copied in part:", newClientCommand(heard.idp)),
          idp(`Paste both: ${clientPlace(heard.idp)}; then ${words.testConnection}.`),
        ]
      : [
          operator(
            compare ? "Copy the token again, whole and without spaces, or make another:" : "Make a token:",
            makeToken(words),
          ),
          idp(`Paste it: ${words.tokenField}; then ${words.testConnection}.`),
        ];
  return [...paste, idp(`Then have all of them sent again: ${words.forceAll}.`)];
}

function makeToken({ title, name }: IdpWords): string {
  return name === "unknown" ? 'token create --label "production"' : `token create --label "${title}"`;
}

function neverNamed(facts: Facts, words: IdpWords): Action[] {
  return [
    idp(isGroup(facts) ? `Have the group sent: ${words.groups}.` : `${upperFirst(words.assign)}.`),
    idp(`Then have it sent at once: ${words.forceOneUser}.`),
    idp(
      `If it is ${isGroup(facts) ? "sent" : "assigned"} already, is it spelt like this there? Then look there: ${words.evidence}.`,
    ),
  ];
}

function notCreated(facts: Facts, words: IdpWords): Action[] {
  return [
    idp(`See why it stops there: ${words.evidence}.`),
    idp(
      isGroup(facts)
        ? `See whether it may send groups: ${words.groups}.`
        : `See whether it may create users: ${words.switchOn}; ${words.deprovisioning}.`,
    ),
    idp(`Then have it sent at once: ${words.forceOneUser}.`),
  ];
}

function refused(facts: Facts, words: IdpWords): Action[] {
  const latest = refusedOf(facts)?.latest;
  if (latest?.kind === "fault") {
    return [
      operator(`Look for request ${latest.requestId} in the log of the api function, and at the alarms.`),
      idp(`Then have it sent again: ${words.forceOneUser}.`),
    ];
  }
  return [
    ...cureOf(facts, latest?.status),
    idp(`Then have it sent again: ${words.forceOneUser}.`),
    idp(`By itself it is tried again so: ${words.retries}.`),
  ];
}

function cureOf(facts: Facts, status: number | undefined): Action[] {
  if (status === 409) {
    return [
      operator("Look at who has the value: the text names the id."),
      idp("Let both be the same one by the matching attribute, or give one of them another value."),
    ];
  }
  if (status === 404)
    return [idp("It holds an id that is not here any more: have it forget what it knew, and match again.")];
  if (status === 413) return [idp("Send less about it: take away attributes that nobody needs.")];
  return [idp(`Correct the attribute that the text names, in the attribute mapping or at the ${kindOf(facts)}.`)];
}

function waiting(facts: Facts): Action[] {
  if (facts.stored?.head.failure !== undefined) {
    return [operator("Nothing: it is tried again by itself. To try at once:", replay(facts))];
  }
  return [
    operator("Nothing, for the first minutes. If it stays so, see whether the worker and the sweeper run:", "doctor"),
  ];
}

function attributeMissing(facts: Facts, words: IdpWords): Action[] {
  const { stored } = facts;
  if (stored === undefined) return [];
  const { attribute, members } = stored;
  if (members !== undefined) return membersMissing(words);
  if (attribute?.fromGroups === true) {
    return [
      idp(`Let the person be a member of a group that gives the role, and have that group sent: ${words.groups}.`),
      operator("Or add the group's name to the table in the tenant file, and deploy it; then:", resync(facts)),
    ];
  }
  const unmapped = unmappedLookalikes(stored)[0];
  const paths = attribute?.places.map(({ path }) => path) ?? unmapped?.paths ?? [];
  const like = attribute?.lookalikes[0] ?? unmapped?.lookalike;
  const sources = paths.flatMap((path) => sourceOf(words, path));
  const wrong =
    like === undefined
      ? []
      : [
          idp(
            `Correct the target of the mapping there: no schema here has ${like.path}; it should be ${listed(paths)}.`,
          ),
        ];
  const send =
    paths.length === 0
      ? []
      : [
          idp(
            `Map it to ${paths.join(" or ")}${sources.length === 0 ? "" : `, usually from ${sources.join(" or ")}`}, and see that the ${kindOf(facts)} has a value there.`,
          ),
        ];
  return [
    ...(like === undefined ? send : wrong),
    idp(`Then have it sent again: ${words.forceOneUser}.`),
    operator("Or let the tenant file read what is sent, and deploy it; then:", resync(facts)),
  ];
}

function sourceOf({ sources }: IdpWords, path: string): string[] {
  const source = sources[path.toLowerCase()];
  return source === undefined ? [] : [source];
}

function membersMissing(words: IdpWords): Action[] {
  return [
    idp(
      "It holds ids that are not here: let it forget what it knew of these members, so that they are matched or created again.",
    ),
    idp(`Whoever is to be a member must be sent as a person, too: ${idpWords(words.name).assign}.`),
    idp(`Then have the group sent again: ${words.forceAll}.`),
  ];
}

function applyAgain(facts: Facts): Action[] {
  const { stored } = facts;
  if (stored === undefined) return [];
  return [
    operator("Apply this one again with the present mapping:", resync(facts)),
    ...(stored.entry !== undefined && stored.mapped !== undefined
      ? [operator("Or all that an older mapping made:", "resync --mapping-changed --dry-run")]
      : []),
  ];
}

function stillActive(_facts: Facts, words: IdpWords): Action[] {
  return [
    idp(`Switch deprovisioning on: ${words.deprovisioning}.`),
    idp(`Whoever is taken off the application (unassigned): ${words.unassigned}.`),
    idp(`Whoever is disabled: ${words.disabled}.`),
    idp(`If one of these has happened, have it sent again: ${words.forceOneUser}; and look there: ${words.evidence}.`),
  ];
}

function deactivated(_facts: Facts, words: IdpWords): Action[] {
  return [idp(`If the person should be active: ${words.assign}; then ${words.forceOneUser}.`)];
}

function softDeleted(_facts: Facts, words: IdpWords): Action[] {
  return [
    idp("If the person should be here: restore them there within 30 days; the old name and the memberships come back."),
    idp(`If somebody new has the name: ${words.assign}.`),
  ];
}

function deleted(facts: Facts, words: IdpWords): Action[] {
  return [
    idp(
      `If the ${kindOf(facts)} should be here: ${words.assign}; then ${words.forceOneUser}. The id will be a new one.`,
    ),
  ];
}

function unknown(_facts: Facts, words: IdpWords): Action[] {
  return [
    idp(`See whether it was sent: ${words.evidence}.`),
    idp(`Have it sent: ${words.forceOneUser}; then ask again.`),
    operator("See how the connection is:", "doctor"),
  ];
}
