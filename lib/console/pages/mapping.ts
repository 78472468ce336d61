/** /mapping: what is in force, whether it fits what is sent, and what another tenant file would change. */
import { commandFor } from "../../ops/command.ts";
import { coverage } from "../../ops/mapping/coverage.ts";
import { preview, previewedTypes, type Preview } from "../../ops/mapping/preview.ts";
import { nounOf } from "../../ops/noun-of.ts";
import { OperationError, type Operations } from "../../ops/operations.ts";
import { counted } from "../../ops/words.ts";
import { countOf } from "../../provisioning/count.ts";
import { TenantFileError } from "../../provisioning/tenant-file.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { readDraft } from "../../tenant-folder.ts";
import { logged } from "../action-log.ts";
import { hrefOf } from "../addresses.ts";
import { actionForm, command, empty, linkButton, notice, section, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { jobPart } from "../job-part.ts";
import type { Job, JobWork } from "../jobs.ts";
import { page } from "../layout.ts";
import { live } from "../live.ts";
import { coverageSummary } from "../mapping/coverage.ts";
import { examplesMost, previewSummary } from "../mapping/preview.ts";
import { rulesPart } from "../mapping/rules.ts";
import { type View, viewOf } from "../view.ts";

const place = "/mapping";
const kindOf = { coverage: "mapping.coverage", preview: "mapping.preview" } as const;
/** As many as `rollcall mapping coverage` reads. */
const logs = 10;
/** Far more than the largest tenant file. */
const bytesMost = 1_048_576;
const lookEveryMs = 500;

export function addMappingPages(app: ConsoleApp, context: ConsoleContext): void {
  app.get(place, async (c) => c.html(await mappingPage(c, context)));
  app.post(`${place}/coverage`, async (c) => {
    const { type: named } = await c.req.parseBody();
    return c.redirect(runAddress(startCoverage(context, typeCalled(context, named))), 303);
  });
  app.post(`${place}/preview`, async (c) => {
    const { file } = await c.req.parseBody();
    try {
      return c.redirect(runAddress(startPreview(context, await draftOf(context, file))), 303);
    } catch (error) {
      const problems = problemsOf(error);
      context.actions({ action: kindOf.preview, outcome: "not begun: the file cannot be used" });
      return c.html(await mappingPage(c, context, problems), 400);
    }
  });
  app.get(`${place}/runs/:id`, (c) => {
    const job = jobOf(context, c.req.param("id"));
    return job === undefined ? c.html(gonePage(c, context), 404) : c.html(runPage(c, context, job));
  });
  app.post(`${place}/runs/:id/stop`, (c) => {
    const job = jobOf(context, c.req.param("id"));
    if (job === undefined) return c.html(gonePage(c, context), 404);
    // Its title has the name of the file, which is nothing for the log.
    if (job.state === "running") context.actions({ action: `${job.kind}.stop`, outcome: "asked to stop" });
    context.jobs.stop(job.id);
    return c.redirect(runAddress(job), 303);
  });
  app.get(`/live${place}/runs/:id`, (c) =>
    live(c, lookEveryMs, async () => {
      const job = jobOf(context, c.req.param("id"));
      if (job === undefined) return { parts: {}, isLast: true };
      const run = jobPart(viewOf(c, context), job, stopAddress(job));
      return { parts: { run }, isLast: job.state !== "running" };
    }),
  );
}

// ---------------------------------------------------------------- pages

/** `problems`: why the file that was handed in cannot be used. */
async function mappingPage(
  c: ConsoleRequest,
  context: ConsoleContext,
  problems: readonly string[] = [],
): Promise<Html> {
  const view = viewOf(c, context);
  const { operations } = context;
  const { tenant } = operations;
  const type = typeCalled(context, c.req.query("type"));
  const refused = html`<p><b>The file cannot be used</b>; nothing was compared.</p>
    <ul class="lines">
      ${problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>`;
  const content = html`${problems.length === 0 ? nothing : notice("bad", refused)}
  ${tenant.types.length > 1 ? typeLinks(tenant, type) : nothing}
  ${section(
    "In force",
    html`<p class="quiet">From the tenant file <code>tenants/${tenant.name}.json</code>.</p>
      ${rulesPart(tenant.mapping, type)}`,
  )}
  ${await coverageSection(view, context, type)} ${previewSection(view, context)}`;
  return page(view, { title: "Mapping", place, content });
}

function typeLinks({ types }: Tenant, here: ResourceType): Html {
  return html`<nav class="tabs" aria-label="Resource types">
    ${types.map(
      ({ id }) =>
        html`<a href="${hrefOf(place, { type: id })}" ${id === here.id ? html`aria-current="page"` : nothing}
          >${id}</a
        >`,
    )}
  </nav>`;
}

async function coverageSection(view: View, { operations, jobs }: ConsoleContext, type: ResourceType): Promise<Html> {
  const all = jobs.list().filter(({ kind, title }) => kind === kindOf.coverage && title === coverageTitle(type));
  const running = all.find(({ state }) => state === "running");
  const last = all.find(({ state }) => state === "done");
  const count = await countOf(operations, [type]);
  const start = actionForm(view, {
    action: `${place}/coverage`,
    button: `Read ${counted(count, nounOf(type.id))}`,
    tone: last === undefined ? "primary" : "plain",
    hidden: { type: type.id },
  });
  const found =
    last === undefined
      ? empty(
          "Nobody has looked yet",
          html`<p>
            What is sent and what is mapped, path by path. It walks over all resources of this type, tells how far it
            is, and can be stopped.
          </p>`,
        )
      : html`<p class="quiet">Read ${time(view, last.endedAt)}.</p>
          ${last.summary?.(view) ?? nothing}`;
  const words = type.id === "User" ? "mapping coverage" : `mapping coverage --type ${type.id}`;
  return section(
    "Coverage: what is sent, and what becomes of it",
    html`${running === undefined ? nothing : notice("info", html`It is being read: <a href="${runAddress(running)}">how far it is</a>.`)}
    ${found} ${running === undefined ? start : nothing} ${command(commandFor(operations, words))}`,
    { id: "coverage" },
  );
}

function previewSection(view: View, { operations, jobs }: ConsoleContext): Html {
  const fields = html`<label
    >Tenant file, or its mapping alone (JSON) <input type="file" name="file" accept=".json,application/json" required
  /></label>`;
  const earlier = jobs.list().filter(({ kind }) => kind === kindOf.preview);
  return section(
    "Preview another tenant file",
    html`<p>
        What would change, and who would fail, before it is deployed. Nothing of the file is kept, and nothing is
        written.
      </p>
      <div class="drop" data-drop>
        ${actionForm(view, { action: `${place}/preview`, button: "Preview", tone: "primary", takesFile: true, fields })}
        <p class="quiet needs-script">Or drop the file here.</p>
      </div>
      ${
        earlier.length === 0
          ? nothing
          : html`<h3>Earlier ones</h3>
              <ul class="lines">
                ${earlier.map(
                  (job) =>
                    html`<li>
                      <a href="${runAddress(job)}">${job.title}</a>,
                      ${job.state === "running" ? "running" : time(view, job.startedAt)}
                    </li>`,
                )}
              </ul>`
      }
      ${command(commandFor(operations, `mapping preview tenants/${operations.tenant.name}.json`))}`,
    { id: "preview" },
  );
}

function runPage(c: ConsoleRequest, context: ConsoleContext, job: Job): Html {
  const view = viewOf(c, context);
  const isRunning = job.state === "running";
  const run = html`<div id="run" class="parts">${jobPart(view, job, stopAddress(job))}</div>`;
  return page(view, {
    title: job.title,
    place,
    ...(isRunning ? { liveFrom: `/live${runAddress(job)}` } : {}),
    aside: linkButton(place, "Back to the mapping"),
    content: html`<p class="quiet">Begun ${time(view, job.startedAt)}.</p>
      ${job.kind === kindOf.coverage ? section("What is sent, and what becomes of it", run) : run}
      ${
        isRunning
          ? html`<noscript
              ><p><a href="${view.path}">Load again</a> to see how far it is.</p></noscript
            >`
          : nothing
      }`,
  });
}

function gonePage(c: ConsoleRequest, context: ConsoleContext): Html {
  const content = empty(
    "There is no such run any more",
    html`<p>Runs are kept as long as the console is open. ${linkButton(place, "Start another")}</p>`,
  );
  return page(viewOf(c, context), { title: "Mapping", place, content });
}

function runAddress({ id }: Job): string {
  return `${place}/runs/${id}`;
}

function stopAddress(job: Job): string {
  return `${runAddress(job)}/stop`;
}

function jobOf({ jobs }: ConsoleContext, id: string): Job | undefined {
  const job = jobs.find(id);
  return job?.kind === kindOf.coverage || job?.kind === kindOf.preview ? job : undefined;
}

// ---------------------------------------------------------------- actions

/** Errors: OperationError, which names those there are. */
function typeCalled({ operations: { tenant } }: ConsoleContext, named: unknown): ResourceType {
  const [first] = tenant.types;
  const type = named === undefined ? first : tenant.types.find(({ id }) => id === named);
  if (type !== undefined) return type;
  throw new OperationError(`There is no such resource type; there are ${tenant.types.map(({ id }) => id).join(", ")}.`);
}

function coverageTitle({ id }: ResourceType): string {
  return `Mapping coverage of ${id}`;
}

/** One at a time: whoever asks again is led to the one that is under way. */
function startCoverage({ operations, jobs, actions }: ConsoleContext, type: ResourceType): Job {
  const title = coverageTitle(type);
  const running = jobs.list().find((job) => job.title === title && job.state === "running");
  if (running !== undefined) return running;
  return jobs.start({
    kind: kindOf.coverage,
    title,
    run: async (walk) => {
      const read = async () => await coverage(operations, type, { ...walk, logs });
      const about = { action: kindOf.coverage, subject: type.id };
      return coverageSummary(await logged(actions, about, read, ({ seen }) => ({ outcome: `${seen} read` })));
    },
  });
}

interface Draft {
  readonly file: string;
  readonly tenant: Tenant;
}

/** Errors: OperationError when there is no file; TenantFileError, which names the attribute and the cure. */
async function draftOf({ loaded }: ConsoleContext, file: unknown): Promise<Draft> {
  if (!(file instanceof File) || file.size === 0)
    throw new OperationError(
      "No file was chosen, or it is empty: choose a tenant file, or its mapping alone, as JSON.",
    );
  if (file.size > bytesMost) throw new OperationError("The file is larger than a mebibyte, so it is no tenant file.");
  const name = file.name === "" ? "the file" : file.name.slice(0, 200);
  return { file: name, tenant: readDraft(await file.text(), name, loaded) };
}

/** Errors: what is no fault of the file. */
function problemsOf(error: unknown): readonly string[] {
  if (error instanceof OperationError) return [error.message];
  if (error instanceof TenantFileError) return error.problems.map((problem) => `${problem}.`);
  throw error;
}

function startPreview({ operations, jobs, actions }: ConsoleContext, { file, tenant }: Draft): Job {
  return jobs.start({
    kind: kindOf.preview,
    title: `Preview of ${file}`,
    run: async (walk) => {
      const compare = async () => await previewAll(operations, tenant, walk);
      const all = await logged(actions, { action: kindOf.preview }, compare, (done) => {
        const [seen, failed] = [sumOf(done, "seen"), sumOf(done, "failed")];
        return { outcome: `${seen} compared, ${failed} would fail` };
      });
      return previewSummary(operations, file, all);
    },
  });
}

async function previewAll(
  operations: Operations,
  tenant: Tenant,
  { onProgress, signal }: Parameters<JobWork["run"]>[0],
): Promise<Preview[]> {
  const all: Preview[] = [];
  for (const type of previewedTypes(operations.tenant, tenant)) {
    const told = (done: number, total: number) => onProgress(done, total, type.id);
    all.push(await preview(operations, tenant, type, { examples: examplesMost, onProgress: told, signal }));
    if (signal.aborted) break;
  }
  return all;
}

function sumOf(all: readonly Preview[], count: "seen" | "failed"): number {
  return all.reduce((sum, one) => sum + one[count], 0);
}
