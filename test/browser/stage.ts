/** The demo's company, and people who are hard to show, behind a console that a browser looks at. */
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { ActionRecord } from "../../lib/console/action-log.ts";
import { openConsole } from "../../lib/console/serve.ts";
import { type Demo, startDemo } from "../../lib/local/demo.ts";
import { findResources } from "../../lib/ops/find-resource.ts";
import { tokens } from "../../lib/ops/tokens.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { temporaryFolder } from "../local/temporary-database.ts";
import { launchChromium } from "./chromium.ts";
import { hardToShow } from "./hard-to-show.ts";

export interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly javaScriptEnabled?: boolean;
}

/** A page, and what is wrong with it beyond what it shows: errors of its script, requests to elsewhere. */
export interface Tab {
  readonly page: Page;
  /** Of the answer. */
  readonly status: number;
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Stage {
  readonly demo: Demo;
  /** Of the embedded store. */
  readonly dataDir: string;
  readonly origin: string;
  /** By the names of `hardToShow`. */
  readonly ids: Readonly<Record<string, string>>;
  /** Of the identity provider that is played. */
  readonly tokenId: string;
  /** What the action log has. */
  readonly actions: readonly ActionRecord[];
  /** In the session that the link has opened. */
  tab(path: string, look?: Look): Promise<Tab>;
  /** The id of whoever has this userName. Errors: Error when nobody has it. */
  idOf(userName: string): Promise<string>;
  /** As the identity provider. `path` below the base URL. */
  ask(method: string, path: string, body?: object): Promise<JsonObject>;
  close(): Promise<void>;
}

const tenants = join(import.meta.dirname, "../../tenants");

export async function openStage(tenant = "practice"): Promise<Stage> {
  const folder = temporaryFolder();
  const loaded = loadTenant(tenants, tenant);
  const demo = await startDemo({ dataDir: folder.path, tenant: loaded.tenant, seed: 1 });
  const { operations, baseUrl } = demo;
  const actions: ActionRecord[] = [];
  const served = await openConsole({
    operations,
    loaded,
    baseUrl,
    version: "0.0.0-test",
    port: 0,
    actor: "ada@test",
    onAction: (record) => void actions.push(record),
  });
  const origin = `http://127.0.0.1:${served.port}`;
  const browser = await launchChromium();
  const session = await signedIn(browser, served.link);
  const ask: Stage["ask"] = async (method, path, body) => await askAs(demo, method, path, body);
  return {
    demo,
    dataDir: folder.path,
    origin,
    ids: await hardToShow(ask),
    tokenId: (await tokens(operations)).find(({ idp }) => idp === "entra")?.id ?? "",
    actions,
    tab: async (path, look = {}) => await openTab(browser, { ...look, session, url: `${origin}${path}` }),
    idOf: async (userName) => {
      const [head] = await findResources(operations, userName);
      if (head === undefined) throw new Error(`nobody is called ${userName}`);
      return head.head.id;
    },
    ask,
    close: async () => {
      await browser.close();
      await served.close();
      await demo.close();
      folder.remove();
    },
  };
}

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** The link is good for one browser, once. */
async function signedIn(browser: Browser, link: string): Promise<Session> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL((url) => url.pathname === "/");
  const session = await context.storageState();
  await context.close();
  return session;
}

const height = 900;

async function openTab(browser: Browser, options: Look & { session: Session; url: string }): Promise<Tab> {
  const { session, url, width = 1280, colorScheme = "light", javaScriptEnabled = true } = options;
  const context = await browser.newContext({
    storageState: session,
    viewport: { width, height },
    colorScheme,
    javaScriptEnabled,
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => void problems.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).hostname !== "127.0.0.1") problems.push(`asked ${request.url()}`);
  });
  const answer = await page.goto(url);
  return { page, status: answer?.status() ?? 0, problems, close: async () => await context.close() };
}

async function askAs({ baseUrl, token }: Demo, method: string, path: string, body?: object): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${baseUrl}${path}`, { method, headers, ...sent });
  const text = await answer.text();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own answers are objects
  return text === "" ? {} : (JSON.parse(text) as JsonObject);
}
