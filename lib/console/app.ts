/** The whole console on one screen: what every request passes, then a line for each page. */
import { Hono } from "hono";
import { addAssets } from "./assets.ts";
import { notice } from "./components.ts";
import type { ConsoleApp, ConsoleContext } from "./context.ts";
import { addHostGuard, addSessionGuard } from "./guard.ts";
import { html } from "./html.ts";
import { page } from "./layout.ts";
import { addConnectPages } from "./pages/connect.ts";
import { addMappingPages } from "./pages/mapping.ts";
import { addActivityPages } from "./pages/activity.ts";
import { addOverviewPages } from "./pages/overview.ts";
import { addGroupPages } from "./pages/group.ts";
import { addPeoplePages } from "./pages/people.ts";
import { addPersonPages } from "./pages/person.ts";
import { addFailedPages } from "./pages/failed.ts";
import { addSearch } from "./pages/search.ts";
import { addSettingsPages } from "./pages/settings.ts";
import { addValuesSwitch } from "./pages/values.ts";
import { addWhyPage } from "./pages/why.ts";
import { problemOf } from "./problem.ts";
import type { Sessions } from "./sessions.ts";
import { viewOf } from "./view.ts";

export interface AppOptions {
  readonly context: ConsoleContext;
  readonly sessions: Sessions;
  /** That it listens on; known once it is open. */
  readonly port: () => number;
  /** Prints a fresh link. */
  readonly command: string;
}

export function createApp({ context, sessions, port, command }: AppOptions): ConsoleApp {
  const app: ConsoleApp = new Hono();
  addHostGuard(app, port);
  addAssets(app);
  addSessionGuard(app, { sessions, port, command });

  addActivityPages(app, context);
  addOverviewPages(app, context);
  addPersonPages(app, context);
  addWhyPage(app, context);
  addSettingsPages(app, context);
  addFailedPages(app, context);
  addSearch(app, context);
  addConnectPages(app, context);
  addMappingPages(app, context);
  addValuesSwitch(app, context);
  addPeoplePages(app, context);
  addGroupPages(app, context);

  app.notFound((c) => {
    const content = html`<p>
      There is nothing at this address. The menu has the pages, and the search above finds people and groups.
    </p>`;
    return c.html(page(viewOf(c, context), { title: "Not found", content }), 404);
  });
  app.onError((error, c) => {
    const { status, sentence } = problemOf(error);
    return c.html(page(viewOf(c, context), { title: "That did not work", content: notice("bad", sentence) }), status);
  });
  return app;
}
