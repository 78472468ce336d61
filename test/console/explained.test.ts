/** What `explain` says, as pages show it: every verdict has a name and a tone, and its sentences hold no value that is masked elsewhere. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { actionsPart } from "../../lib/console/explained/actions.ts";
import { evidencePart } from "../../lib/console/explained/evidence.ts";
import { shownExplanation } from "../../lib/console/explained/shown.ts";
import { stepsPart } from "../../lib/console/explained/steps.ts";
import { verdictPart } from "../../lib/console/explained/verdict.ts";
import { type VerdictCode, verdictCodes } from "../../lib/ops/explain/explanation.ts";
import { readFacts } from "../../lib/ops/explain/facts.ts";
import { html } from "../../lib/console/html.ts";
import type { View } from "../../lib/console/view.ts";
import { entra } from "../ops/explain/idp.ts";
import { minute, type World, world } from "../ops/explain/world.ts";

let w: World;
beforeEach(async () => {
  w = world();
  await w.newToken({ idp: "entra" });
});
afterEach(() => w.close());

function viewed(showsValues: boolean): View {
  const base = { tenant: "acme", isDeployed: false, path: "/", timeZone: "UTC", version: "0", csrfToken: "x" };
  return { ...base, now: w.operations.clock.now(), showsValues };
}

async function partsOf(word: string, showsValues: boolean): Promise<string> {
  const view = viewed(showsValues);
  const explained = shownExplanation(view, await readFacts(w.operations, word, {}));
  const parts = [verdictPart(explained), stepsPart(explained), actionsPart(explained), evidencePart(view, explained)];
  return String(await html`${parts}`);
}

const tones: Readonly<Record<VerdictCode, string>> = {
  "in-sync": "good",
  waiting: "info",
  parked: "bad",
  refused: "bad",
  "token-rejected": "bad",
  "attribute-missing": "warn",
  "attribute-differs": "warn",
  "still-active": "warn",
  "looked-up-not-created": "warn",
  "idp-silent": "warn",
  "never-named": "warn",
  deactivated: "quiet",
  "soft-deleted": "quiet",
  deleted: "quiet",
  unknown: "quiet",
};

describe("a verdict", () => {
  test.each(verdictCodes)("%s is shown with its tone, its code and its sentence", async (code) => {
    const html = String(await verdictPart({ verdict: { code, summary: "Because of <b>." } }));
    expect(html).toContain(`class="verdict ${tones[code]}"`);
    expect(html).toContain(`<code>${code}</code>`);
    expect(html).toContain("Because of &lt;b&gt;.");
  });
});

describe("a refused change", () => {
  test("tells why, without the value that was sent, until values are asked for", async () => {
    const { id } = await entra(w).provision("ann@example.com", { title: "Countess" });
    await w.work();
    await w.pass(minute);
    const { requestId } = await entra(w).patch(id, { path: "active", value: "perhaps-later" });
    const masked = await partsOf("ann@example.com", false);
    expect(masked).toContain("ann@example.com was refused when it was to be changed");
    expect(masked).toContain(requestId);
    expect(masked).not.toContain("perhaps-later");
    expect(await partsOf("ann@example.com", true)).toContain("perhaps-later");
  });

  test("a token's id is nobody's value: it leads into the log", async () => {
    await entra(w).provision("ann@example.com");
    const shown = await partsOf("ann@example.com", false);
    const tokenId = /token <code>([^<]+)<\/code>/.exec(shown)?.[1] ?? "";
    expect(tokenId).toMatch(/^[\w-]{6,}$/);
    expect(shown).toContain("request <span");
  });
});

test("what to do is said in the identity provider's words, with the command to copy", async () => {
  await entra(w).search("bob@example.com");
  await entra(w).provision("ann@example.com");
  await w.work();
  const shown = await partsOf("ann@example.com", false);
  expect(shown).toContain("at Microsoft Entra ID");
  expect(shown).toContain('data-copy="npx rollcall explain ann@example.com --expect inactive --local"');
});
