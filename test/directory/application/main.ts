// A small application of a tenant, as its own compiler and Node see it. test/directory/package.test.ts installs the package, and
// writes tenant-types.ts beside this.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { directory, DirectoryError, type Entry, onEvent, type WebhookEvent } from "rollcall/directory";
import type { TenantEvent, TenantTypes } from "./tenant-types.js";

const [endpoint = "", token = "", deviceId = ""] = process.argv.slice(2);
const client = new DynamoDBClient({
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: token, secretAccessKey: "any" },
});
const read = directory<TenantTypes>({ client, tableName: "Directory" });

const found = await read.findUser({ badge: 7 });
if (found?.state !== "active") throw new Error("she is there, and active");
const sure: { login: string; plan: string; isManager: boolean; level: string | number } = found.profile;
const perhaps: string | undefined = found.profile.email;
const cost: string | number | undefined = found.profile.costCentre;
const roles: readonly string[] = found.profile.roles;

const members: string[] = [];
const [group] = await read.groupsOf(found.id);
for await (const member of read.membersOf(group?.id ?? "")) members.push(`${member.type} ${member.id === found.id}`);
let people = 0;
for await (const user of read.users()) people += user.state === "active" ? 1 : 0;

const device = await read.get("Device", deviceId);
const serial: string | undefined = device?.state === "removed" ? undefined : device?.profile.serialNumber;
const [sameGroup] = await read.find("Group", { name: "support rome" });

function wordOf(event: WebhookEvent<TenantTypes>): string {
  switch (event.type) {
    case "user.suspended":
      return `${event.data.changed.includes("email")} ${event.data.values?.email?.old ?? ""}`;
    case "device.created":
      return event.data.resource.type;
    case "membership.added":
      return event.data.member?.id ?? "";
    default:
      return event.id;
  }
}

function mayBeAbsent(user: Entry<TenantTypes>): string {
  // @ts-expect-error: who is removed may have no profile.
  const profile: object = user.profile;
  // @ts-expect-error: who is suspended may lack what is required.
  if (user.state === "suspended") return user.profile.login;
  return user.state === "active" ? user.profile.login : typeof profile;
}

// @ts-expect-error: nobody is found by an attribute without lookup.
const wrongLookup = () => read.findUser({ plan: "full" });
// @ts-expect-error: a group is not found by what users are found by.
const wrongType = () => read.find("Group", { login: "ada" });
// @ts-expect-error: there is no such type.
const noType = () => read.get("Printer", "1");
// @ts-expect-error: a device has no lookups.
const noLookup = () => read.find("Device", { serialNumber: "1" });
// @ts-expect-error: no event has this type.
const noEvent = (event: TenantEvent) => event.type === "user.deleted";

const secret = "whsec_YSBzZWNyZXQgb2YgdHdlbnR5LWZvdXIgYg==";
let refusal = "";
try {
  wordOf(onEvent<TenantTypes>({ secrets: [secret] })("{}", {}));
} catch (error) {
  refusal = error instanceof DirectoryError ? error.code : String(error);
}

const untold = [mayBeAbsent, wrongLookup, wrongType, noType, noLookup, noEvent].length;
console.log(
  JSON.stringify({
    sure,
    perhaps,
    cost,
    roles,
    members,
    people,
    serial,
    refusal,
    untold,
    same: sameGroup?.id === group?.id,
  }),
);
