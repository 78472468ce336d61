/**
 * What every request must pass: the Host header (a name that an attacker points at 127.0.0.1 is not ours: DNS rebinding), the
 * session, and for an action the token of its form. What is answered may load nothing from elsewhere.
 */
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { Context, MiddlewareHandler } from "hono";
import { pathOfOurs } from "./addresses.ts";
import { barePage } from "./bare-page.ts";
import type { ConsoleApp, ConsoleRequest } from "./context.ts";
import { html } from "./html.ts";
import { isEqual, type Sessions, sessionMs } from "./sessions.ts";

/** Known once it is open. */
type Port = () => number;

/** Bytes of a form: twice the largest file that a page takes. It is held in memory as a whole. */
const formMost = 2_097_152;
const reading: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Of whatever is asked for, style and script as well. */
export function addHostGuard(app: ConsoleApp, port: Port): void {
  app.use(headers());
  app.use(async (c, next) => {
    if (isOurHost(c.req.header("host"), port())) return await next();
    const text = html`<p>The console answers on 127.0.0.1 and localhost alone.</p>`;
    return c.html(barePage("Not this console", text), 421);
  });
}

/** `command` prints a fresh link. */
export function addSessionGuard(
  app: ConsoleApp,
  { sessions, port, command }: { sessions: Sessions; port: Port; command: string },
): void {
  // Pages hold people's data, and one of them a token: no copy stays with the browser.
  app.use(async (c, next) => {
    c.header("cache-control", "no-store");
    await next();
  });
  app.get("/open", (c) => open(c, sessions, port(), command));
  app.use(async (c, next) => {
    const session = sessions.find(getCookie(c, cookieName(port())));
    if (session === undefined) return await (isFromElsewhere(c) ? onceMore(c) : signIn(c, command));
    c.set("session", session);
    return await next();
  });
  app.use(bodyLimit({ maxSize: formMost, onError: tooLarge }));
  app.use(async (c, next) => {
    if (reading.has(c.req.method)) return await next();
    const sent = await csrfOf(c);
    if (isEqual(sent, c.get("session").csrfToken) && isOurOrigin(c, port())) return await next();
    const text = html`<p>
      This form is not of this session: go back, load the page again, and press the button again. Nothing was done.
    </p>`;
    return c.html(barePage("Nothing was done", text), 403);
  });
}

/** Empty when the form has none, or is no form. */
async function csrfOf(c: ConsoleRequest): Promise<string> {
  try {
    const { csrf } = await c.req.parseBody();
    return typeof csrf === "string" ? csrf : "";
  } catch {
    return "";
  }
}

function tooLarge(c: Context): Response | Promise<Response> {
  const text = html`<p>What was sent is larger than two mebibytes, which no form of the console needs.</p>`;
  return c.html(barePage("Nothing was done", text), 413);
}

function headers(): MiddlewareHandler {
  const own = ["'self'"];
  return createMiddleware(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: own,
        connectSrc: own,
        formAction: own,
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: "same-origin",
      strictTransportSecurity: false,
      xFrameOptions: "DENY",
    }),
  );
}

function isOurHost(host: string | undefined, port: number): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`);
}

/** Browsers send it with each action. */
function isOurOrigin(c: ConsoleRequest, port: number): boolean {
  const origin = c.req.header("origin");
  return origin === undefined || isOurHost(origin.replace(/^http:\/\//, ""), port);
}

/** Cookies know no ports: two consoles at once must not sign each other out. */
function cookieName(port: number): string {
  return `rollcall-console-${port}`;
}

function open(c: ConsoleRequest, sessions: Sessions, port: number, command: string): Response | Promise<Response> {
  // A HEAD request, as a program sends that shows a link before it is opened, must not use it up.
  const cookie = c.req.method === "GET" ? sessions.open(c.req.query("key") ?? "") : undefined;
  if (cookie === undefined) return signIn(c, command);
  setCookie(c, cookieName(port), cookie, { httpOnly: true, sameSite: "Strict", path: "/", maxAge: sessionMs / 1000 });
  // Not a redirect: coming from a link on another site, the browser would not send the cookie along with it.
  return c.html(barePage("Rollcall", html`<p><a href="/">Open the console</a></p>`, "/"));
}

/**
 * A link that a colleague sent, in a chat in the browser: the strict cookie does not come along with what another site asks for.
 * Asked for by a page of ours, it does.
 */
function isFromElsewhere(c: ConsoleRequest): boolean {
  return reading.has(c.req.method) && c.req.header("sec-fetch-site") === "cross-site";
}

function onceMore(c: ConsoleRequest): Response | Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const here = pathOfOurs(`${pathname}${search}`);
  return c.html(barePage("Rollcall", html`<p><a href="${here}">Go on to the page</a></p>`, here));
}

function signIn(c: ConsoleRequest, command: string): Response | Promise<Response> {
  const text = html`<p>The link that opens the console is good for one browser, once, and for twelve hours.</p>
    <p>A fresh one is printed by</p>
    <pre><code>${command}</code></pre>
    <p>Where its address has another port than this one, the page that was asked for is there under the same path.</p>`;
  return c.html(barePage("Open the console with its link", text), 401);
}
