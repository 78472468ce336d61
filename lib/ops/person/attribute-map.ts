/**
 * From what was said to what the application has, attribute by attribute: which value went where, what the mapping did with it,
 * what was sent and goes nowhere.
 */
import { defined } from "../../provisioning/head.ts";
import type { TraceStep } from "../../provisioning/mapping.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { Json, JsonObject } from "../../scim/json.ts";
import { equalJson } from "../../scim/json.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { Facts, Stored } from "../explain/facts.ts";
import type { NotKept } from "../explain/not-kept.ts";
import { leavesOf } from "../mapping/leaf-paths.ts";
import { sourcesOf } from "../mapping/sources.ts";
import { type AttributeLine, attributeLines } from "../support-bundle/attributes.ts";

export interface AttributeMap {
  /** Every place that has a value, in the order of the attributes that are made of it; then those that nothing is made of. */
  readonly said: readonly Said[];
  /** As the application reads them, or should. */
  readonly attributes: readonly MappedLine[];
  /** What was sent, and no schema here has; each path once, the latest first. */
  readonly notKept: readonly NotKept[];
}

export interface Said {
  /** `emails[type eq "work"].value` */
  readonly path: string;
  /** Several where a list has several without a type. */
  readonly value: Json;
  /** Attributes of the profile that take their value from here. */
  readonly gives: readonly string[];
  /** The mapping looks here, even if it took another value. */
  readonly isRead: boolean;
  /** `active`: it decides whether the entry is active or suspended. */
  readonly isState?: true;
}

export interface MappedLine extends Omit<AttributeLine, "state"> {
  /** `kept`: of whoever is deleted, by the tenant file's wish. */
  readonly state: AttributeLine["state"] | "kept";
  /** The path that gave the value, those that were joined, or `constant`. */
  readonly source?: string;
  readonly outcome?: TraceStep["outcome"];
  /** Roles. */
  readonly fromGroups?: true;
}

/** Undefined: nothing is stored. */
export function attributeMapOf({ tenant, stored }: Pick<Facts, "tenant" | "stored">): AttributeMap | undefined {
  if (stored === undefined) return undefined;
  const { head, entry, notKept } = stored;
  const all = notKept.filter(({ what }) => what === "attribute");
  const latest = all.filter(({ path }, n) => all.findIndex((one) => one.path === path) === n);
  if (head.state === "deleted") {
    const kept = Object.entries(entry?.profile ?? {});
    const attributes = kept.map(([attribute, actual]) => ({ attribute, tried: [], actual, state: "kept" }) as const);
    return { said: [], attributes, notKept: latest };
  }
  return { said: saidOf(tenant, stored), attributes: linesOf(tenant, stored), notKept: latest };
}

function saidOf(tenant: Tenant, { head }: Stored): Said[] {
  const type = tenant.types.find(({ id }) => id === head.type) ?? userType;
  const sources = sourcesOf(tenant, type);
  const reached = new Set(sources.reached(head.resource));
  const given = sources.given(head.resource);
  const places = Map.groupBy(leavesOf(type, head.resource), ({ path }) => path);
  const said = [...places].map(([path, leaves]): Said => {
    const values = leaves.map(({ value }) => value);
    const gives = given.filter(({ paths }) => paths.includes(path)).map(({ name }) => name);
    const [only = null] = values;
    const isState = path === "active" && type.id !== groupType.id ? { isState: true as const } : {};
    return { path, value: values.length === 1 ? only : values, gives, isRead: reached.has(path), ...isState };
  });
  const order = given.map(({ name }) => name);
  const rank = ({ gives: [first], isRead, isState }: Said): number =>
    first !== undefined ? order.indexOf(first) : isRead || isState === true ? order.length : order.length + 1;
  return said.sort((a, b) => rank(a) - rank(b));
}

function linesOf(tenant: Tenant, stored: Stored): MappedLine[] {
  const { mapped, profile = {}, entry } = stored;
  if (mapped === undefined) return asSaid(profile, entry?.profile ?? {});
  const steps = new Map(mapped.trace.map((step) => [step.attribute, step]));
  const roles = stored.head.type === userType.id ? tenant.mapping.roles : [];
  const lines = attributeLines(tenant.mapping, stored).filter(({ attribute }) => !isOneOf(roles, attribute));
  return [
    ...lines.map((line): MappedLine => {
      const step = steps.get(line.attribute);
      return { ...line, ...defined({ source: step?.source, outcome: step?.outcome }) };
    }),
    ...roles.flatMap(({ name }): MappedLine[] => {
      const [expected, actual] = [profile[name], entry?.profile[name]];
      if (expected === undefined && actual === undefined) return [];
      const line = lineOf(name, expected, actual);
      return [{ ...line, state: line.state === "equal" ? "from groups" : line.state, fromGroups: true }];
    }),
  ];
}

function isOneOf(roles: readonly { readonly name: string }[], attribute: string): boolean {
  return roles.some(({ name }) => name === attribute);
}

/** Of a type that the tenant file does not map: its profile is what was said. */
function asSaid(due: JsonObject, has: JsonObject): MappedLine[] {
  return [...new Set([...Object.keys(due), ...Object.keys(has)])].map((name) => lineOf(name, due[name], has[name]));
}

function lineOf(attribute: string, expected: Json | undefined, actual: Json | undefined): MappedLine {
  const state =
    actual === undefined
      ? "missing"
      : expected === undefined
        ? "surplus"
        : equalJson(expected, actual)
          ? "equal"
          : "different";
  return { attribute, tried: [], state, ...defined({ expected, actual }) };
}
