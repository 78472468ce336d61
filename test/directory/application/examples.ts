// What docs/directory-schema.md shows, as it stands there, in an application of its own.
import { findActiveUser } from "./by-key.js";
import { signIn } from "./login.js";
import { ended } from "./sessions.js";
import { receive } from "./webhook.js";

const [request = "{}"] = process.argv.slice(2);
const { body, headers } = JSON.parse(request) as { body: string; headers: Record<string, string> };
const post = async (text: string) =>
  (await receive(new Request("https://app.example.com/rollcall", { method: "POST", body: text, headers }))).status;

console.log(
  JSON.stringify({
    active: await signIn("Ada@example.com"),
    suspended: await signIn("bob@example.com"),
    removed: await signIn("carl@example.com"),
    nobody: await signIn("dora@example.com"),
    byKey: [await findActiveUser("any", "Ada@example.com"), await findActiveUser("any", "bob@example.com")],
    answers: [await post(body), await post(`${body} `)],
    ended,
  }),
);
