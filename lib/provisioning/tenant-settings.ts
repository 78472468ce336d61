/**
 * The tenant file as a schema: its keys, their limits, their defaults. What editors say of a key: setting-descriptions.ts.
 *
 * `tenants/tenant.schema.json` is made from it (bin/tenant-schema.ts). Objects are strict, so that a typo is found.
 */
import * as z from "zod/mini";
import { addressRange } from "./address-range.ts";
import { customSettings } from "./custom-settings.ts";
import { mappingSettings } from "./mapping-settings.ts";

/** What CloudWatch Logs takes. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const environment = z.strictObject({
  account: z.exactOptional(z.string().check(z.regex(/^[0-9]{12}$/, { error: "an AWS account number of 12 digits" }))),
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, { error: "an AWS region such as eu-central-1" })),
});

const mutualTls = z.strictObject({
  truststore: z.string().check(
    z.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, {
      error: "the place of a PEM file in S3, such as s3://bucket/truststore.pem",
    }),
  ),
  version: z.exactOptional(z.string().check(z.minLength(1))),
});

const domain = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, { error: "a domain name such as scim.acme.com" }),
    ),
  certificateArn: z.string().check(
    z.regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[A-Za-z0-9-]+$/, {
      error: "the ARN of a certificate in AWS Certificate Manager",
    }),
  ),
  mutualTls: z.exactOptional(mutualTls),
});

const tableName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_.-]{3,255}$/, { error: "the name of a DynamoDB table, and not its ARN" }));

const streamArn = z.string().check(
  z.regex(/^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/[A-Za-z0-9_.-]{3,255}\/stream\/[^/\s]+$/, {
    error: "the ARN of the stream of directoryTable, which ends in /stream/ and when it began",
  }),
);

const adopt = z
  .strictObject({
    scimTable: tableName,
    directoryTable: tableName,
    directoryStreamArn: z.exactOptional(streamArn),
    eventsTable: z.exactOptional(tableName),
  })
  .check(
    z.refine(({ scimTable, directoryTable }) => scimTable !== directoryTable, {
      error: "two tables: scimTable and directoryTable are the same one",
    }),
    z.refine(({ scimTable, directoryTable, eventsTable }) => ![scimTable, directoryTable].includes(eventsTable ?? ""), {
      error: "a table of its own as eventsTable: it is one of the other two",
    }),
    z.refine(
      ({ directoryTable, directoryStreamArn: arn }) => (arn?.split("/")[1] ?? directoryTable) === directoryTable,
      {
        error: "the stream of directoryTable: directoryStreamArn is that of another table",
      },
    ),
  );

/** The tombstone is the fence against slow workers and stays for 30 days in any case, so a shorter time would not be kept. */
const retainedDays = "a whole number of days from 30 to 3650";
const onDelete = z.discriminatedUnion(
  "entry",
  [
    z.strictObject({ entry: z.literal("remove") }),
    z.strictObject({
      entry: z.literal("retain"),
      days: z
        .int({ error: retainedDays })
        .check(z.minimum(30, { error: retainedDays }), z.maximum(3_650, { error: retainedDays })),
    }),
  ],
  { error: '{ "entry": "remove" } or { "entry": "retain", "days": 30 to 3650 }' },
);

const lifecycle = z.prefault(
  z.strictObject({
    rehire: z.prefault(z.enum(["conflict", "reactivate"]), "conflict"),
    onDelete: z.prefault(onDelete, { entry: "remove" }),
  }),
  {},
);

const whole = (least: number, most: number) =>
  z.int().check(z.minimum(least, { error: `at least ${least}` }), z.maximum(most, { error: `at most ${most}` }));

const evidence = z.prefault(
  z.strictObject({
    days: z.prefault(whole(1, 365), 30),
  }),
  {},
);

const leavers = z.prefault(
  z.strictObject({
    limitMinutes: z.prefault(whole(1, 1_440), 5),
    brake: z.prefault(
      z.strictObject({
        windowMinutes: z.prefault(whole(1, 1_440), 60),
        people: z.prefault(whole(1, 1_000_000), 500),
        percent: z.prefault(whole(1, 100), 20),
        action: z.prefault(z.enum(["alarm", "hold"]), "alarm"),
      }),
      {},
    ),
  }),
  {},
);

const webhook = z.strictObject({
  url: z.string().check(
    z.refine((text) => isWebhookUrl(text), {
      error:
        "an address that begins with https:// and has neither user nor password, such as https://app.acme.com/rollcall",
    }),
  ),
});

/** The name stands in queue names, metrics and commands. */
const webhookName = z.string().check(
  z.regex(/^(?!bus$)[a-z][a-z0-9-]{0,23}$/, {
    error: "1 to 24 lower case letters, digits and hyphens, a letter first, and not bus",
  }),
);

const events = z.strictObject({
  values: z.prefault(z.boolean(), false),
  bus: z.prefault(z.boolean(), false),
  webhooks: z.prefault(
    z
      .record(webhookName, webhook)
      .check(z.refine((webhooks) => Object.keys(webhooks).length <= 5, { error: "at most 5 webhooks" })),
    {},
  ),
});

const oauth = z.strictObject({ tokenMinutes: z.prefault(whole(5, 1_440), 60) });

const imports = z.prefault(
  z.strictObject({
    matchBy: z.prefault(
      z
        .array(z.enum(["userName", "emails.value", "externalId"]))
        .check(z.minLength(1, { error: "at least one of userName, emails.value and externalId" })),
      ["userName"],
    ),
  }),
  {},
);

/** Where it leads is looked at when something is sent: a name may lead elsewhere by then. */
function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > 500) return false;
  const { protocol, username, password, hash } = new URL(text);
  return protocol === "https:" && username === "" && password === "" && hash === "";
}

export const tenantSettings = z.strictObject({
  $schema: z.exactOptional(z.string()),
  environment,
  domain: z.exactOptional(domain),
  adopt: z.exactOptional(adopt),
  trustsProxy: z.prefault(z.boolean(), false),
  allowFrom: z.exactOptional(
    z
      .array(
        z.string().check(
          z.refine((text) => addressRange(text) !== undefined, {
            error: "an IP address, or a range such as 203.0.113.0/24 or 2001:db8::/32",
          }),
        ),
      )
      .check(
        z.minLength(1, { error: "at least one; without the key requests may come from anywhere" }),
        z.maxLength(1_000, { error: "at most 1000" }),
      ),
  ),
  mapping: mappingSettings,
  groups: z.prefault(
    z.strictObject({
      uniqueNames: z.prefault(z.boolean(), true),
      unknownMembers: z.prefault(z.enum(["reject", "skip"]), "reject"),
    }),
    {},
  ),
  ...customSettings,
  lifecycle,
  evidence,
  leavers,
  events: z.exactOptional(events),
  oauth: z.exactOptional(oauth),
  imports,
  logRetentionDays: z.prefault(z.literal(retentionDays), 30),
  alarms: z.prefault(
    z.strictObject({
      pendingMinutes: z.prefault(
        z
          .int()
          .check(
            z.minimum(1, { error: "at least 1 minute" }),
            z.maximum(1_440, { error: "at most 1440 minutes, a day" }),
          ),
        15,
      ),
      topicArn: z.exactOptional(
        z
          .string()
          .check(
            z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$/, { error: "the ARN of an SNS topic" }),
          ),
      ),
      email: z.exactOptional(
        z
          .array(
            z.string().check(
              z.regex(/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/, {
                error: "an e-mail address such as on-call@acme.com",
              }),
            ),
          )
          .check(
            z.minLength(1, { error: "at least one; leave the key out when nobody is to be told" }),
            z.maxLength(10, { error: "at most 10" }),
          ),
      ),
      runbookUrl: z.exactOptional(
        z
          .string()
          .check(z.regex(/^https:\/\/[^\s#]{1,500}$/, { error: "an address that begins with https:// and has no #" })),
      ),
    }),
    {},
  ),
  dashboard: z.prefault(z.boolean(), true),
});

/** A tenant file as it was read, with its defaults filled in. */
export type TenantSettings = z.infer<typeof tenantSettings>;
