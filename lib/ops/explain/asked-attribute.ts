/** One attribute that an operator asks about: what was looked for where, what stood there, and what was sent that looks like it. */
import type { Change } from "../../provisioning/change.ts";
import { defined, type Head } from "../../provisioning/head.ts";
import type { Mapped, TraceStep } from "../../provisioning/mapping.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { parsePath, type ResolvedPath } from "../../scim/attribute-path.ts";
import { ScimError } from "../../scim/error.ts";
import { isList, type Json, type JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-type.ts";
import type { Resource, ResourceType } from "../../scim/schema.ts";
import { select } from "../../scim/select.ts";
import { fold } from "../../scim/text.ts";
import { OperationError } from "../operations.ts";
import { mappedBy } from "./due-profile.ts";
import type { NotKept } from "./not-kept.ts";

/** Times are milliseconds since 1970. */
export interface AskedAttribute {
  /** Of the profile. */
  readonly name: string;
  readonly outcome: TraceStep["outcome"];
  /** The path that gave the value, or what else did. */
  readonly source?: string;
  /** As the present mapping makes it. */
  readonly value?: Json;
  readonly places: readonly Place[];
  /** It lists the roles that the groups give, and is made from nothing that is sent about the person. */
  readonly fromGroups?: true;
  /** What was sent, is not kept, and looks like it; the latest first. */
  readonly lookalikes: readonly Lookalike[];
}

/** A path of the mapping, in the order in which they are tried. */
export interface Place {
  readonly path: string;
  /** Absent: there is nothing. */
  readonly value?: Json;
  /** The latest change that brought a value there, and the one after it that took the value away. */
  readonly sent?: Moment;
  readonly taken?: Moment;
}

interface Moment {
  readonly at: number;
  readonly requestId: string;
}

export type Lookalike = Pick<NotKept, "path" | "at" | "requestId">;

interface Known {
  readonly head: Pick<Head, "type" | "resource">;
  /** Newest first. */
  readonly changes: readonly Change[];
  readonly notKept: readonly NotKept[];
  readonly mapped: Mapped;
  /** As it is due now. */
  readonly profile: JsonObject;
}

/** Errors: OperationError when the mapping makes no such attribute. */
export function askedAttribute(tenant: Tenant, known: Known, asked: string): AskedAttribute {
  const ofUsers = known.head.type === userType.id ? tenant.mapping.roles : [];
  const roles = ofUsers.find(({ name }) => fold(name) === fold(asked));
  if (roles !== undefined) return rolesAttribute(roles.name, known.profile[roles.name]);
  const step = stepOf(known.mapped, asked);
  if (step === undefined) {
    const roleNames = ofUsers.map(({ name }) => name);
    const names = [...known.mapped.trace.map(({ attribute }) => attribute), ...roleNames].join(", ");
    throw new OperationError(
      `The mapping of the tenant file makes no attribute "${asked}", and reads no path of that name; it makes ${names}.`,
    );
  }
  const { attribute, outcome, source, tried } = step;
  const type = tenant.types.find((one) => one.id === known.head.type) ?? userType;
  const paths = pathsOf(tenant, type, { attribute, tried }).flatMap((text) => pathOf(type, text) ?? []);
  return {
    name: attribute,
    outcome,
    places: paths.map((path) => placeOf(known, path)),
    lookalikes: lookalikesOf(known.notKept, attribute, paths),
    ...defined({ source, value: known.mapped.profile[attribute] }),
  };
}

function rolesAttribute(name: string, value: Json | undefined): AskedAttribute {
  const none = value === undefined || (isList(value) && value.length === 0);
  const made = none ? ({ outcome: "absent" } as const) : ({ outcome: "mapped", source: "its groups", value } as const);
  return { name, fromGroups: true, places: [], lookalikes: [], ...made };
}

function stepOf({ trace }: Mapped, asked: string): TraceStep | undefined {
  const name = fold(asked);
  return (
    trace.find(({ attribute }) => fold(attribute) === name) ??
    trace.find(({ tried }) => tried.some(({ path }) => fold(path) === name || lastName(path) === name))
  );
}

/** Also those behind the one that gave the value. */
function pathsOf(tenant: Tenant, { id }: ResourceType, { attribute, tried }: Pick<TraceStep, "attribute" | "tried">) {
  const whole = mappedBy(tenant, id, {})?.trace.find((step) => step.attribute === attribute)?.tried ?? [];
  return [...new Set([...whole, ...tried].map(({ path }) => path))];
}

function pathOf(type: Parameters<typeof parsePath>[0], text: string): ResolvedPath | undefined {
  try {
    return parsePath(type, text);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function placeOf({ head, changes }: Known, path: ResolvedPath): Place {
  const value = valueAt(head.resource, path);
  const top = path.extension ?? path.attribute?.name ?? "";
  const touched = changes.filter(({ changed }) => changed !== undefined && Object.hasOwn(changed, top));
  const n = touched.findIndex(({ changed }) => valueAt(changed ?? {}, path) !== undefined);
  return {
    path: path.text,
    ...defined({
      value,
      sent: momentOf(touched[n]),
      taken: value === undefined && n > 0 ? momentOf(touched[n - 1]) : undefined,
    }),
  };
}

function momentOf(change: Change | undefined): Moment | undefined {
  return change && { at: change.at, requestId: change.requestId };
}

function valueAt(resource: Resource, path: ResolvedPath): Json | undefined {
  const values = select(resource, path).filter((value) => value !== "" && value !== null);
  return values.length > 1 ? values : values[0];
}

/** What was ignored as unknown, and ends in the name of the attribute or of what it is made from: another URN, or another spelling. */
export function lookalikesOf(
  notKept: readonly NotKept[],
  name: string,
  paths: readonly { text: string }[],
): Lookalike[] {
  const names = new Set([plain(name), ...paths.map(({ text }) => plain(lastName(text)))]);
  return notKept.filter(({ what, path }) => what === "attribute" && names.has(plain(lastName(path))));
}

/** `urn:…:User:department` and `x.department` end in `department`; `emails[type eq "work"].value` in `emails`. */
function lastName(path: string): string {
  const whole = fold(path).replace(/\[[^\]]*\]/g, "");
  const names = whole.split(/[:.]/).filter((name) => name !== "" && name !== "value");
  return names.at(-1) ?? whole;
}

const plain = (name: string): string => fold(name).replaceAll(/[^a-z0-9]/g, "");
