/** The first page: does it work, who calls, what came, what waits. */
import { commandFor } from "../../ops/command.ts";
import { overview, type Overview } from "../../ops/overview/overview.ts";
import { command, section } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html } from "../html.ts";
import { page } from "../layout.ts";
import { live } from "../live.ts";
import { type Card, cardOf, livePartsOf } from "../overview/card.ts";
import { checksTable, checksText, findingsOf } from "../overview/findings.ts";
import { firstSteps, hasBegun } from "../overview/first-steps.ts";
import { heartbeatCard } from "../overview/heartbeat-card.ts";
import { leaversCard } from "../overview/leavers-card.ts";
import { tokensCard } from "../overview/tokens-card.ts";
import { type Range, rangeOf, trafficCard } from "../overview/traffic-card.ts";
import { figuresOf, verdictOf } from "../overview/verdict.ts";
import { lanesCard, parkedCard, pendingCard } from "../overview/waiting-cards.ts";
import { type View, viewOf } from "../view.ts";

/** A deployed tenant's page asks DynamoDB, SQS and CloudWatch each time, which have limits and prices. */
const everyMs = { local: 5_000, deployed: 20_000 };

export function addOverviewPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  const beat = o.deployment === undefined ? everyMs.local : everyMs.deployed;

  app.get("/", async (c) => {
    const view = viewOf(c, context);
    const found = await overview(o);
    if (found.isFresh) return c.html(freshPage(view, context, found));
    const range = rangeOf(c.req.query("range"));
    return c.html(
      page(view, {
        title: "Overview",
        place: "/",
        content: wholePage(view, context, found, range),
        liveFrom: `/live/overview?range=${range}`,
      }),
    );
  });

  app.get("/live/overview", (c) =>
    live(c, beat, async () => {
      const found = await overview(o);
      return { parts: partsOf(viewOf(c, context), found, rangeOf(c.req.query("range"))) };
    }),
  );

  app.get("/live/fresh", (c) =>
    live(c, beat, async () => {
      const { isFresh } = await overview(o);
      return isFresh ? { parts: {} } : { parts: { begun: hasBegun() }, isLast: true };
    }),
  );
}

function wholePage(view: View, { operations }: ConsoleContext, found: Overview, range: Range): Html {
  const { checks } = found.diagnosis;
  const { traffic, left, right } = cardsOf(view, found, range);
  return html`<div id="headline">${verdictOf(view, found)}</div>
    <div id="findings">${findingsOf(view, checks)}</div>
    <div id="figures">${figuresOf(found)}</div>
    ${cardOf(traffic)}
    <div class="pairs">
      <div class="column">${left.map(cardOf)}</div>
      <div class="column">${right.map(cardOf)}</div>
    </div>
    ${section(
      "All that is checked",
      html`<details>
        <summary>${checksText(checks)}</summary>
        <div id="checks">${checksTable(checks)}</div>
      </details>`,
    )}
    ${command(commandFor(operations, "overview"))} ${command(commandFor(operations, "doctor"), "The checks")}`;
}

function freshPage(view: View, { operations }: ConsoleContext, found: Overview): Html {
  // That nobody calls is what the page is about.
  const others = found.diagnosis.checks.filter(({ name, state }) => name !== "contact" && state === "failure");
  const wasTurnedAway = others.some(({ name }) => name === "let in");
  const content = html`<div id="begun" role="status"></div>
    ${findingsOf(view, others)} ${firstSteps(operations, { wasTurnedAway })}
    ${command(commandFor(operations, "doctor"))}`;
  return page(view, { title: "Overview", place: "/", content, liveFrom: "/live/fresh" });
}

function partsOf(view: View, found: Overview, range: Range): Record<string, Html> {
  const { traffic, left, right } = cardsOf(view, found, range);
  const { checks } = found.diagnosis;
  return {
    headline: verdictOf(view, found),
    findings: findingsOf(view, checks),
    figures: figuresOf(found),
    ...Object.fromEntries([traffic, ...left, ...right].flatMap(livePartsOf)),
    checks: checksTable(checks),
  };
}

interface Cards {
  /** As wide as the page. */
  readonly traffic: Card;
  /** Two columns, so that one that grows moves none beside it. */
  readonly left: readonly Card[];
  readonly right: readonly Card[];
}

function cardsOf(view: View, found: Overview, range: Range): Cards {
  return {
    traffic: trafficCard(view, found, range),
    left: [heartbeatCard(view, found), lanesCard(view, found), tokensCard(view, found)],
    right: [leaversCard(found), parkedCard(view, found), pendingCard(found)],
  };
}
