/** What a webhook's receiver verifies with `onEvent`; signed here by the Standard Webhooks library. */
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { onEvent } from "../../lib/directory/index.ts";
import { suspended } from "./told.ts";

const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;
const other = `whsec_${Buffer.from("another one of as many by").toString("base64")}`;
const body = JSON.stringify(suspended);

function signed(text = body, { by = secret, at = new Date() }: { by?: string; at?: Date } = {}) {
  return {
    "webhook-id": suspended.id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(by).sign(suspended.id, at, text),
  };
}

const verify = onEvent({ secrets: [secret] });

describe("onEvent", () => {
  test.each([
    ["fetch's Headers", body, new Headers(signed())],
    ["node's headers", body, { ...signed(), host: "app.example.com", "set-cookie": ["a", "b"] }],
    [
      "headers in another case",
      body,
      Object.fromEntries(Object.entries(signed()).map(([n, v]) => [n.toUpperCase(), v])),
    ],
    ["a body of bytes", new TextEncoder().encode(body), signed()],
    ["a Buffer", Buffer.from(body), signed()],
  ])("gives the event: %s", (_what, given, headers) => {
    expect(verify(given, headers)).toEqual(suspended);
  });

  test.each([
    ["the old secret", secret],
    ["the new one", other],
  ])("while secrets are rotated %s is good, too", (_which, by) => {
    expect(onEvent({ secrets: [secret, other] })(body, signed(body, { by }))).toEqual(suspended);
  });

  test("a request that both secrets have signed is good with either", () => {
    const [one, two] = [signed(), signed(body, { by: other })];
    const both = { ...one, "webhook-signature": `${two["webhook-signature"]} ${one["webhook-signature"]}` };
    expect(verify(body, both)).toEqual(suspended);
  });

  test("a body of bytes is verified as it came, its byte order mark, too: then it is no JSON", () => {
    const marked = `\uFEFF${body}`;
    expect(() => verify(new TextEncoder().encode(marked), signed(marked))).toThrow(
      expect.objectContaining({ code: "not-json" }),
    );
  });

  test("gives the event by which an operator tries whether webhooks arrive", () => {
    const trial = {
      id: "trial",
      timestamp: "2026-11-25T09:00:00Z",
      type: "rollcall.test",
      data: { tenant: "acme", subject: "Test" },
    };
    expect(verify(JSON.stringify(trial), signed(JSON.stringify(trial)))).toEqual(trial);
  });

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  test.each([
    ["signature", "another body", body.replace("suspended", "activated"), signed()],
    ["signature", "the secret of another sink", body, signed(body, { by: other })],
    ["signature", "a body that was parsed and written again", JSON.stringify(suspended, undefined, 2), signed()],
    ["too-old", "a repetition", body, signed(body, { at: minutesAgo(6) })],
    ["too-new", "a clock that is behind", body, signed(body, { at: minutesAgo(-6) })],
    ["signature", "a time that is none", body, { ...signed(), "webhook-timestamp": "now" }],
    ["headers-missing", "no headers", body, {}],
    ["headers-missing", "no signature", body, { ...signed(), "webhook-signature": undefined }],
    ["not-json", "a text that is no JSON", "hello", signed("hello")],
    ["not-an-event", "another program's webhook", "[1]", signed("[1]")],
    ["not-an-event", "nothing", "null", signed("null")],
  ])("says %s of %s", (code, _what, text, headers) => {
    expect(() => verify(text, headers)).toThrow(expect.objectContaining({ name: "DirectoryError", code }));
  });

  test.each([[[]], [["whsec_!!"]], [[secret, ""]]])(
    "refuses secrets that are none, without showing them: %#",
    (secrets) => {
      const making = () => onEvent({ secrets });
      expect(making).toThrow(expect.objectContaining({ code: "usage" }));
      expect(making).not.toThrow(/!!/);
    },
  );
});
