/** The page of a person, and of a name that nobody has: every verdict, what is masked, what a button does, what it costs. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { VerdictCode } from "../../lib/ops/explain/explanation.ts";
import { verdictCodes } from "../../lib/ops/explain/explanation.ts";
import { entra } from "../ops/explain/idp.ts";
import { day, hour, minute, type World, world } from "../ops/explain/world.ts";
import { openPages, type Pages } from "./pages.ts";

const region = { environment: { region: "eu-central-1" } };
const required = { policy: "park", attributes: { email: { from: "emails.value", required: true } } };
const plain = { attributes: { login: { from: "userName" }, job: { from: "title" } } };
const [ann, bob] = ["ann@example.com", "bob@example.com"];

let w: World;
let pages: Pages;
beforeEach(async () => {
  w = world();
  w.deploy({ ...region, mapping: plain });
  pages = await openPages(w.operations, { ...region, mapping: plain });
});
afterEach(async () => {
  await pages.close();
  w.close();
});

/** A session ends after twelve hours. */
async function openAgain(): Promise<void> {
  await pages.close();
  pages = await openPages(w.operations, { ...region, mapping: plain });
}

const why = (word: string, more = ""): string => `/why?who=${encodeURIComponent(word)}${more}`;
const person = (id: string, more = ""): string => `/people/${id}${more}`;
const verdictOf = (html: string): string | undefined =>
  /<div class="verdict \w+">[^]*?<code>([\w-]+)<\/code>/.exec(html)?.[1];
const mark = (html: string): string => html.replaceAll(/\s+/g, " ");

/** Plays what leads to a verdict; the address at which it is to be seen. */
const plays: Readonly<Record<VerdictCode, () => Promise<string>>> = {
  "in-sync": async () => {
    await w.newToken({ idp: "entra" });
    const { id } = await entra(w).provision(ann);
    await w.work();
    return person(id);
  },
  waiting: async () => {
    await w.newToken();
    return person((await entra(w).provision(ann)).id);
  },
  parked: async () => {
    w.deploy({ ...region, mapping: required });
    await w.newToken();
    const { id } = await entra(w).provision(ann, { emails: [] });
    await w.work();
    return person(id);
  },
  refused: async () => {
    w.deploy({ ...region, mapping: { ...required, policy: "reject" } });
    await w.newToken();
    await entra(w).create(ann, { emails: [] });
    return why(ann);
  },
  "token-rejected": async () => {
    await w.newToken({ expiresInDays: 1 });
    await entra(w).search(bob);
    await w.pass(25 * hour);
    await entra(w).search(ann);
    return why(ann);
  },
  "attribute-missing": async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.work();
    return person(id, "?attribute=job");
  },
  "attribute-differs": async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann, { title: "Countess" });
    await w.work();
    w.deploy({ ...region, mapping: { attributes: { ...plain.attributes, post: { from: "title" } } } });
    return person(id);
  },
  "still-active": async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.work();
    return person(id, "?expect=inactive");
  },
  "looked-up-not-created": async () => {
    await w.newToken();
    await entra(w).search(ann);
    return why(ann);
  },
  "idp-silent": async () => await Promise.resolve(why(ann)),
  "never-named": async () => {
    await w.newToken();
    await entra(w).provision(bob);
    await w.pass(minute);
    await entra(w).search(bob);
    return why(ann);
  },
  deactivated: async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.work();
    await entra(w).disable(id);
    await w.work();
    return person(id);
  },
  "soft-deleted": async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.work();
    await entra(w).softDelete(id, ann);
    await w.work();
    return person(id);
  },
  deleted: async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.work();
    await entra(w).delete(id);
    await w.work();
    return person(id);
  },
  unknown: async () => {
    await w.newToken();
    await entra(w).search(bob);
    // As if so much had been asked for at a time that not all of it was kept.
    w.db.prepare("UPDATE item SET attributes = json_set(attributes, '$.dropped', 3) WHERE sk LIKE 'Traffic#%'").run();
    return why(ann);
  },
};

describe("each verdict", () => {
  test.each(verdictCodes)("%s has a page that says it, the steps and what to do", async (code) => {
    const path = await plays[code]();
    await openAgain();
    const html = await pages.get(path);
    expect(verdictOf(html)).toBe(code);
    expect(html.match(/<div class="step-name">/g)).toHaveLength(6);
    expect(html).toContain('<section class="card" id="advice">');
  });
});

describe("a person's page", () => {
  test("shows ids to copy, how far it is, and links to what each value became", async () => {
    await w.newToken({ idp: "entra" });
    const { id } = await entra(w).provision(ann, { title: "Countess", nickName: "Annie" });
    await w.work();
    const html = mark(await pages.get(person(id)));
    expect(html).toContain(`data-copy="${id}"`);
    expect(html).toContain(`data-copy="object-of-${ann}"`);
    expect(html).toContain("Microsoft Entra ID");
    expect(html).toMatch(/<code title="title">title<\/code> <span class="flow-goes">→ job<\/span>/);
    expect(html).toMatch(/<code title="nickName">nickName<\/code> <span class="chip quiet">mapped to nothing<\/span>/);
    expect(html.match(/<path class="line" d="M0 /g)).toHaveLength(2);
    expect(html).toContain(`npx rollcall explain ${id} --local`);
  });

  test("masks values until they are asked for; names and ids are shown", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann, { title: "Countess", emails: [{ value: "a.novak@example.com" }] });
    await entra(w).patch(id, { path: "title", value: "Duchess" });
    await w.work();
    w.deploy({ ...region, mapping: { attributes: { ...plain.attributes, job: { from: "title", case: "upper" } } } });
    const secrets = /Countess|Duchess|DUCHESS|a\.novak/;
    for (const more of ["", "?attribute=job", "?before=2"])
      expect(await pages.get(person(id, more))).not.toMatch(secrets);
    expect(await pages.get(why(ann))).not.toMatch(secrets);
    const { html } = await pages.post("/values", { show: "yes", back: person(id) });
    expect(html).toContain("a.novak@example.com");
    expect(mark(html)).toContain('<bdi title="Duchess">Duchess</bdi> <span class="flow-due" title="DUCHESS"');
  });

  test("a name of eighty characters stays whole in the sentences about it", async () => {
    await w.newToken();
    const long = `${"long".repeat(18)}@example.com`;
    const { id } = await entra(w).provision(long);
    await w.work();
    expect(mark(await pages.get(person(id)))).toContain(`${long} is as the identity provider last said`);
  });

  test.each([
    ["a script", "<script>alert(1)</script>"],
    ["a mark that ends an attribute", '"><img src=x onerror=alert(1)>'],
    ["an Arabic name", "ليلى العمراني"],
  ])("%s in every field is shown as text", async (_, text) => {
    w.deploy({
      ...region,
      mapping: {
        policy: "park",
        attributes: { login: { from: "userName" }, post: { from: "title", table: { x: "y" } } },
      },
    });
    await w.newToken();
    const more = {
      title: text,
      nickName: text,
      externalId: text,
      displayName: text,
      [`x${text}`]: 1,
      emails: [{ value: text }],
    };
    const { id } = await entra(w).provision(text, more);
    await w.work();
    await w.pass(minute);
    await entra(w).patch(id, { path: "active", value: text });
    await pages.post("/values", { show: "yes", back: "/people/none" }).catch(() => {});
    for (const path of [
      person(id),
      person(id, `?attribute=${encodeURIComponent(text)}`),
      why(text),
      person(id, "/bundle"),
    ]) {
      const html = await pages.get(path);
      expect(html).not.toMatch(/<script>alert|<img/);
      expect(html).toContain(text.replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"));
    }
  });

  test("an attribute that there is not is a sentence, and the page is there all the same", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    const html = await pages.get(person(id, "?attribute=shoeSize"));
    expect(html).toContain("makes no attribute &quot;shoeSize&quot;");
    expect(verdictOf(html)).toBe("waiting");
  });

  test("while a change waits it says what the application has meanwhile", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann, { title: "Countess" });
    await w.work();
    await entra(w).patch(id, { path: "title", value: "Duchess" });
    const html = mark(await pages.get(person(id)));
    expect(html).toContain("Version 2 is not applied: the application has what version 1 made.");
    expect(html).toMatch(
      /<span id="person-state"><span class="chip good">active<\/span> <span class="chip info">pending<\/span>/,
    );
  });

  test("who is deleted has an id and a time line, and nothing of what was said", async () => {
    const html = mark(await pages.get(await plays.deleted()));
    expect(html).toContain("Nothing is kept of who is deleted");
    expect(html).toContain("delete (DELETE)");
    expect(html).not.toContain(">Apply again<");
  });

  test("groups are links, with those to come", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await w.ask("POST", "/Groups", { displayName: "Sales", members: [{ value: id }] });
    await w.work();
    await w.ask("POST", "/Groups", { displayName: "Parking", members: [{ value: id }] });
    const html = mark(await pages.get(person(id)));
    expect(html).toMatch(
      /<a href="\/groups\/[\w-]{36}"><bdi class="name" title="Parking">Parking<\/bdi><\/a> <span class="chip info">to come/,
    );
    expect(html).toContain('title="Sales"');
  });

  test("an id that nothing has is told as such", async () => {
    const html = await pages.get(person("00000000-0000-4000-8000-000000000000"), 404);
    expect(verdictOf(html)).toBe("idp-silent");
  });

  test("a group's id leads to its own page", async () => {
    await w.newToken();
    const { body } = await w.ask("POST", "/Groups", { displayName: "Sales", members: [] });
    const id = typeof body["id"] === "string" ? body["id"] : "";
    const { status, headers } = await pages.raw(person(id), { headers: { cookie: pages.cookie } });
    expect([status, headers.get("location")]).toEqual([303, `/groups/${id}`]);
  });
});

describe("the time line of changes", () => {
  test("is whole and without doubles over its pages, with the outcome of each", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    for (let n = 0; n < 59; n += 1) await entra(w).patch(id, { path: "title", value: `title ${n}` });
    await w.work();
    await entra(w).patch(id, { path: "title", value: "last" });
    const seen: number[] = [];
    const shown: string[] = [];
    let path: string | undefined = person(id);
    for (; path !== undefined;) {
      const html: string = await pages.get(path);
      const changes = /<section class="card" id="changes">[^]*?<\/section>/.exec(html)?.[0] ?? "";
      seen.push(...[...changes.matchAll(/<td class="number">(\d+)<\/td>/g)].map(([, version]) => Number(version)));
      shown.push(mark(changes));
      path = /href="([^"]*before=\d+)#changes"/.exec(changes)?.[1];
    }
    expect(shown[0]).toMatch(/>61<[^]*?pending[^]*?>60<[^]*?applied<\/span> <time/);
    expect(seen).toEqual(Array.from({ length: 61 }, (_, n) => 61 - n));
  });
});

describe("a name that several have, or had", () => {
  test("leads to each of them", async () => {
    await w.newToken({ idp: "entra" });
    const desk = { emails: [{ value: "desk@example.com", type: "work" }] };
    const [one, other] = [await entra(w).provision(ann, desk), await entra(w).provision(bob, desk)];
    await w.work();
    const html = await pages.get(why("desk@example.com"));
    for (const { id } of [one, other]) expect(html).toContain(`data-href="/people/${id}"`);
    expect(html).toContain("2 have the name, or had it");
  });

  test("a display name finds nobody, and the page says what is looked for", async () => {
    await w.newToken();
    await entra(w).provision(ann, { displayName: "Ann Novak" });
    expect(mark(await pages.get(why("Ann Novak")))).toContain("display name, or a part of a name, finds nobody");
    expect(await pages.get(why("nobody@example.com"))).not.toContain("finds nobody");
  });

  test("nothing is asked: it says what to put into the search", async () => {
    expect(await pages.get("/why")).toContain("Whom do you look for?");
  });

  test("the command beside it can be pasted, whatever was typed", async () => {
    const html = await pages.get(why("it's $HOME"));
    expect(html).toContain("npx rollcall explain &#39;it&#39;\\&#39;&#39;s $HOME&#39; --local");
  });

  test("what is nobody's name is one sentence", async () => {
    expect(await pages.get(why("x".repeat(2_000)), 400)).toContain("Nobody can be called so");
  });
});

test("days later nothing is different but the times", async () => {
  const path = await plays["in-sync"]();
  await w.pass(3 * day);
  await openAgain();
  expect(mark(await pages.get(path))).toContain("3 days ago");
});
