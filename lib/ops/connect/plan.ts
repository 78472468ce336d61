/** What an identity provider's administrator has to fill in for this tenant, in that provider's words. */
import type { MappedAttribute, Tenant } from "../../provisioning/tenant.ts";
import { type IdpWords, idpWords } from "../idp/idp.ts";
import { tokenUrlOf } from "../token-url.ts";

export interface ConnectionPlan {
  readonly idp: string;
  readonly title: string;
  readonly place: string;
  readonly baseUrl: { readonly field: string; readonly value: string };
  readonly tokenField: string;
  /** What may stand in place of the token; only where the tenant file and the identity provider both know OAuth clients. */
  readonly oauth?: OAuthPlan;
  readonly otherFields: readonly string[];
  readonly testConnection: string;
  readonly switchOn: string;
  readonly assign: string;
  readonly groups: string;
  readonly deprovisioning: string;
  readonly matching: string;
  readonly rhythm: string;
  readonly mapping: readonly MappingRow[];
  /** What is made from the names of groups, in any letter case: these must be sent. */
  readonly roles: readonly { readonly attribute: string; readonly groups: readonly string[] }[];
  readonly forgotten: readonly string[];
  /** Of the project. */
  readonly page: string;
}

export interface OAuthPlan {
  /** What is chosen there first. */
  readonly choice: string;
  readonly tokenUrl: { readonly field: string; readonly value: string };
  readonly clientIdField: string;
  readonly secretField: string;
  /** Makes the client: what stands behind `rollcall`. */
  readonly command: string;
}

export interface MappingRow {
  /** Of the profile; absent: the tenant file maps it to nothing, but Rollcall needs it. */
  readonly attribute?: string;
  /** What the administrator maps to; several when the tenant file joins them. */
  readonly send: readonly string[];
  /** Where the identity provider usually has it. Absent: it has no usual place. */
  readonly source?: string;
  /** Others that the tenant file takes as well. */
  readonly orElse: readonly string[];
  /** Without it nobody is taken: `refused` at once, or `parked` until it comes. */
  readonly required?: "refused" | "parked";
  readonly why?: string;
}

/** `idp`: a name of `idpNames`; another gets words that fit any. */
export function connectionPlan(tenant: Tenant, idp: string, baseUrl: string): ConnectionPlan {
  const words = idpWords(idp);
  const { baseUrlField, tokenField, otherFields, testConnection, switchOn, assign, groups, deprovisioning } = words;
  const rows = tenant.mapping.attributes
    .filter(({ from }) => from.length > 0)
    .map((attribute) => rowOf(attribute, attribute.policy ?? tenant.mapping.policy, words.sources));
  return {
    idp: words.name,
    title: words.title,
    place: words.place,
    baseUrl: { field: baseUrlField, value: baseUrl },
    tokenField,
    ...oauthPlan(tenant, words, baseUrl),
    otherFields,
    testConnection,
    switchOn,
    assign,
    groups,
    deprovisioning,
    matching: words.matching,
    rhythm: words.rhythm,
    mapping: [...neverLeftOut(rows, words.sources), ...rows],
    roles: tenant.mapping.roles.map(({ name, exact, prefixes }) => ({
      attribute: name,
      groups: [...exact.keys(), ...prefixes.map(({ prefix }) => `${prefix}*`)],
    })),
    forgotten: words.forgotten,
    page: words.page,
  };
}

function oauthPlan({ oauth }: Tenant, { name, title, oauth: words }: IdpWords, baseUrl: string): { oauth?: OAuthPlan } {
  if (oauth === undefined || words === undefined) return {};
  const { choice, tokenUrlField, clientIdField, secretField } = words;
  return {
    oauth: {
      choice,
      tokenUrl: { field: tokenUrlField, value: tokenUrlOf(baseUrl) },
      clientIdField,
      secretField,
      command: `client create --label "${title}" --idp ${name}`,
    },
  };
}

type Sources = Readonly<Record<string, string>>;

function rowOf(
  { name, from, join, required }: MappedAttribute,
  policy: "reject" | "park",
  sources: Sources,
): MappingRow {
  const paths = from.map(({ text }) => text);
  const must = required ? ({ required: policy === "reject" ? "refused" : "parked" } as const) : {};
  if (join !== undefined) return { attribute: name, send: paths, orElse: [], ...must };
  const usual = paths.map((path) => sentAs(path)).find((path) => sources[path.toLowerCase()] !== undefined);
  const send = usual ?? paths[0] ?? "";
  const source = sources[send.toLowerCase()];
  const orElse = paths.filter((path) => path !== send);
  return { attribute: name, send: [send], orElse, ...(source === undefined ? {} : { source }), ...must };
}

/** Nobody maps to "any e-mail": it is sent as one of a type. */
function sentAs(path: string): string {
  return /^emails(\[primary eq true\])?\.value$/i.test(path) ? 'emails[type eq "work"].value' : path;
}

const needed = [
  ["userName", "unique here; every user must have one"],
  ["externalId", "tells a namesake from somebody who comes back"],
  ["active", "without it nobody is ever deactivated"],
] as const;

/** Those of them that no row sends anyway. */
function neverLeftOut(rows: readonly MappingRow[], sources: Sources): MappingRow[] {
  const sent = new Set(rows.flatMap(({ send }) => send.map((path) => path.toLowerCase())));
  return needed
    .filter(([path]) => !sent.has(path.toLowerCase()))
    .map(([path, why]) => {
      const source = sources[path.toLowerCase()];
      const must = path === "userName" ? ({ required: "refused" } as const) : {};
      return { send: [path], orElse: [], why, ...(source === undefined ? {} : { source }), ...must };
    });
}
