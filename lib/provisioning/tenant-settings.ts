/**
 * The tenant file as a schema: its keys, their limits, their defaults, and the descriptions that editors show.
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
  account: z.exactOptional(
    z
      .string()
      .check(
        z.regex(/^[0-9]{12}$/, { error: "an AWS account number of 12 digits" }),
        z.describe("The AWS account that the stack is meant for. Absent: that of the credentials in use."),
      ),
  ),
  region: z
    .string()
    .check(
      z.regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, { error: "an AWS region such as eu-central-1" }),
      z.describe("The AWS region that the stack is deployed to."),
    ),
});

const mutualTls = z
  .strictObject({
    truststore: z.string().check(
      z.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/, {
        error: "the place of a PEM file in S3, such as s3://bucket/truststore.pem",
      }),
      z.describe("The certificates of the authorities whose client certificates are taken, as one PEM file in S3."),
    ),
    version: z.exactOptional(
      z
        .string()
        .check(z.minLength(1), z.describe("The version of that file. Absent: the one that is newest when deployed.")),
    ),
  })
  .check(
    z.describe(
      "Callers have to show a client certificate besides their token; the address that the gateway gave ends. Absent: the token is enough.",
    ),
  );

const domain = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, { error: "a domain name such as scim.acme.com" }),
      z.describe(
        "The domain name of the SCIM base URL; its DNS record has to point to the stack's output DomainTarget.",
      ),
    ),
  certificateArn: z.string().check(
    z.regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[A-Za-z0-9-]+$/, {
      error: "the ARN of a certificate in AWS Certificate Manager",
    }),
    z.describe("A certificate for the name, in AWS Certificate Manager, in the same region."),
  ),
  mutualTls: z.exactOptional(mutualTls),
});

const tableName = (what: string) =>
  z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9_.-]{3,255}$/, { error: "the name of a DynamoDB table, and not its ARN" }),
      z.describe(`The name of the ${what} table, as the stack's outputs told it or a restore made it.`),
    );

const adopt = z.strictObject({ scimTable: tableName("Scim"), directoryTable: tableName("Directory") }).check(
  z.refine(({ scimTable, directoryTable }) => scimTable !== directoryTable, {
    error: "two tables: scimTable and directoryTable are the same one",
  }),
  z.describe("Tables that are there already: the stack goes on with them and makes none. Absent: it makes its own."),
);

/** The tombstone is the fence against slow workers and stays for 30 days in any case, so a shorter time would not be kept. */
const retainedDays = "a whole number of days from 30 to 3650";
const onDelete = z
  .discriminatedUnion(
    "entry",
    [
      z.strictObject({ entry: z.literal("remove") }),
      z.strictObject({
        entry: z.literal("retain"),
        days: z
          .int({ error: retainedDays })
          .check(
            z.minimum(30, { error: retainedDays }),
            z.maximum(3_650, { error: retainedDays }),
            z.describe("For so many days the entry of a deleted user keeps its profile; then it goes."),
          ),
      }),
    ],
    { error: '{ "entry": "remove" } or { "entry": "retain", "days": 30 to 3650 }' },
  )
  .check(
    z.describe(
      "A deleted user: the profile goes at once (remove), or stays for some days (retain). No lookup finds it, and the id is never used again.",
    ),
  );

const lifecycle = z.prefault(
  z.strictObject({
    rehire: z.prefault(
      z
        .enum(["conflict", "reactivate"])
        .check(
          z.describe(
            "A POST whose userName an inactive user has: refused with 409 (conflict), or that user comes back when externalId is the same (reactivate).",
          ),
        ),
      "conflict",
    ),
    onDelete: z.prefault(onDelete, { entry: "remove" }),
  }),
  {},
);

const whole = (least: number, most: number, description: string) =>
  z
    .int()
    .check(
      z.minimum(least, { error: `at least ${least}` }),
      z.maximum(most, { error: `at most ${most}` }),
      z.describe(description),
    );

const evidence = z.prefault(
  z.strictObject({
    days: z.prefault(
      whole(1, 365, "How long is kept what was changed, and who was asked for, refused or renamed, in days."),
      30,
    ),
  }),
  {},
);

const leavers = z.prefault(
  z.strictObject({
    limitMinutes: z.prefault(
      whole(1, 1_440, "A deactivation is to be seen by the application within so many minutes; later is a breach."),
      5,
    ),
    brake: z.prefault(
      z.strictObject({
        windowMinutes: z.prefault(whole(1, 1_440, "Over how long leavers are counted, in minutes."), 60),
        people: z.prefault(whole(1, 1_000_000, "The brake trips when more people leave within the window."), 500),
        percent: z.prefault(
          whole(1, 100, "The brake trips when more of a hundred people leave within the window, and at least ten."),
          20,
        ),
        action: z.prefault(
          z
            .enum(["alarm", "hold"])
            .check(
              z.describe(
                "A mass deactivation: only told (alarm), or whoever leaves after that is parked until `rollcall brake allow` or `reject` (hold).",
              ),
            ),
          "alarm",
        ),
      }),
      {},
    ),
  }),
  {},
);

export const tenantSettings = z
  .strictObject({
    $schema: z.exactOptional(z.string().check(z.describe("For editors: ./tenant.schema.json"))),
    environment,
    domain: z.exactOptional(domain),
    adopt: z.exactOptional(adopt),
    trustsProxy: z.prefault(
      z
        .boolean()
        .check(
          z.describe(
            "Locations stand under the address that X-Forwarded-Host and X-Forwarded-Proto name. Only behind a proxy that overwrites both.",
          ),
        ),
      false,
    ),
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
          z.describe("IP addresses and ranges that requests may come from. Absent: from anywhere."),
        ),
    ),
    mapping: mappingSettings,
    groups: z.prefault(
      z.strictObject({
        uniqueNames: z.prefault(
          z.boolean().check(z.describe("No two groups with one displayName, in any case.")),
          true,
        ),
        unknownMembers: z.prefault(
          z
            .enum(["reject", "skip"])
            .check(z.describe("A member id that does not exist: the request is refused, or the member is left out.")),
          "reject",
        ),
      }),
      {},
    ),
    ...customSettings,
    lifecycle,
    evidence,
    leavers,
    logRetentionDays: z.prefault(
      z.literal(retentionDays).check(z.describe("How long CloudWatch keeps the logs, in days.")),
      30,
    ),
    alarms: z.prefault(
      z.strictObject({
        pendingMinutes: z.prefault(
          z
            .int()
            .check(
              z.minimum(1, { error: "at least 1 minute" }),
              z.maximum(1_440, { error: "at most 1440 minutes, a day" }),
              z.describe("The alarm rings when a change waits for longer than so many minutes."),
            ),
          15,
        ),
        topicArn: z.exactOptional(
          z
            .string()
            .check(
              z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$/, { error: "the ARN of an SNS topic" }),
              z.describe("The SNS topic that the alarms tell. Absent: the alarms are only to be seen in CloudWatch."),
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
              z.describe("Whom the alarms tell by e-mail; each has to confirm the mail that AWS sends first."),
            ),
        ),
        runbookUrl: z.exactOptional(
          z
            .string()
            .check(
              z.regex(/^https:\/\/[^\s#]{1,500}$/, { error: "an address that begins with https:// and has no #" }),
              z.describe(
                "The address at which your operators read docs/operating.md: alarms and dashboard link there.",
              ),
            ),
        ),
      }),
      {},
    ),
    dashboard: z.prefault(
      z
        .boolean()
        .check(
          z.describe(
            "A dashboard in CloudWatch: three are free in an account, each further one costs 3 dollars a month.",
          ),
        ),
      true,
    ),
  })
  .check(z.describe("A tenant of Rollcall. The name of the file is the name of the tenant."));

/** A tenant file as it was read, with its defaults filled in. */
export type TenantSettings = z.infer<typeof tenantSettings>;
