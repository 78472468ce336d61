/** Reads a tenant file, `tenants/<name>.json`: all that is wrong with it is told at once, before anything is deployed. */
import { isObject } from "../scim/json.ts";
import { groupTypeWith } from "../scim/resource-type.ts";
import { addressRange } from "./address-range.ts";
import { compileMapping } from "./compile-mapping.ts";
import { customTypes } from "./custom-types.ts";
import type { EventSettings, Lifecycle, Tenant } from "./tenant.ts";
import { formatKeyPath, type Place, problemsOf } from "./tenant-file-problem.ts";
import { tenantSettings, type TenantSettings } from "./tenant-settings.ts";

/** The message has a line for each problem: file, key, what was found, what was expected. */
export class TenantFileError extends Error {
  readonly problems: readonly string[];

  /** `file`: where it stands, when that is not the folder of the tenants. */
  constructor(name: string, problems: readonly string[], file = `tenants/${name}.json`) {
    super(problems.map((problem) => `${file}: ${problem}.`).join("\n"));
    this.name = "TenantFileError";
    this.problems = problems;
  }
}

/** The name stands in stack names, metrics and file names: 1 to 32 of a to z, 0 to 9 and -, a letter first. */
export function isTenantName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(name);
}

/** The tenant, ready to use. Errors: TenantFileError. */
export function readTenantFile(name: string, json: unknown): Tenant {
  return read(name, json).tenant;
}

/** What the stack is made of; the mapping in it is checked as well. Errors: TenantFileError. */
export function readTenantSettings(name: string, json: unknown): TenantSettings {
  return read(name, json).settings;
}

function read(name: string, json: unknown): { settings: TenantSettings; tenant: Tenant } {
  if (!isTenantName(name)) throw new TenantFileError(name, [badName]);
  const read = tenantSettings.safeParse(json);
  const problems = [
    ...protoKeys(json),
    ...(read.error?.issues ?? []).flatMap((i) => problemsOf(tenantSettings, json, i)),
  ];
  if (!read.success || problems.length > 0) throw new TenantFileError(name, problems);
  const settings = read.data;
  const elsewhere = [...otherRegions(settings), ...missingStream(settings)];
  if (elsewhere.length > 0) throw new TenantFileError(name, elsewhere);
  const { uniqueNames, unknownMembers } = settings.groups;
  const custom = customTypes(settings, groupTypeWith({ uniqueNames }));
  if (custom.problems.length > 0) throw new TenantFileError(name, custom.problems);
  const compiled = compileMapping(custom.types, settings.mapping);
  if (compiled.problems.length > 0) throw new TenantFileError(name, compiled.problems);
  const tenant = {
    name,
    types: custom.types,
    mapping: compiled.mapping,
    unknownMembers,
    lifecycle: lifecycleOf(settings),
    evidenceDays: settings.evidence.days,
    leavers: settings.leavers,
    ...(settings.trustsProxy && { trustsProxy: true }),
    importedBy: settings.imports.matchBy,
    ...(settings.events && { events: eventsOf(settings.events) }),
    ...(settings.oauth && { oauth: settings.oauth }),
    ...(settings.allowFrom && { allowFrom: settings.allowFrom.flatMap((text) => addressRange(text) ?? []) }),
  };
  return { settings, tenant };
}

function eventsOf({ values, bus, webhooks }: NonNullable<TenantSettings["events"]>): EventSettings {
  const hooks = Object.entries(webhooks).map(([name, { url }]) => ({ kind: "webhook", name, url }) as const);
  return { values, sinks: [...(bus ? [{ kind: "bus", name: "bus" } as const] : []), ...hooks] };
}

function lifecycleOf({ lifecycle: { rehire, onDelete } }: TenantSettings): Lifecycle {
  return onDelete.entry === "retain" ? { rehire, retainDays: onDelete.days } : { rehire };
}

/** A gateway takes certificates, an alarm tells topics, and a function reads streams of their own region alone: a deployment would fail half way. */
function otherRegions({ environment: { region }, domain, alarms, adopt }: TenantSettings): string[] {
  const arns = {
    "domain.certificateArn": domain?.certificateArn,
    "alarms.topicArn": alarms.topicArn,
    "adopt.directoryStreamArn": adopt?.directoryStreamArn,
  };
  return Object.entries(arns).flatMap(([key, arn = `:::${region}`]) => {
    const own = arn.split(":")[3];
    return own === region ? [] : [`${key}: found one of ${own}; expected one of ${region}, the stack's region`];
  });
}

/** An adopted table is not the stack's, so the stack cannot switch its stream on. */
function missingStream({ adopt, events }: TenantSettings): string[] {
  if (adopt === undefined || events === undefined || adopt.directoryStreamArn !== undefined) return [];
  return [
    "adopt.directoryStreamArn: missing; expected the ARN of the stream of directoryTable, from which events are made (docs/operating.md, Adopting tables)",
  ];
}

const badName =
  "the file's name is the tenant's name; expected 1 to 32 lower case letters, digits and hyphens, a letter first";

/** zod leaves this key out of a record without a word. */
function protoKeys(json: unknown, place: Place = []): string[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === "__proto__"
      ? [`${formatKeyPath([...place, key])}: the key is not allowed; expected another name`]
      : protoKeys(value, [...place, key]),
  );
}
