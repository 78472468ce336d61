/**
 * All that somebody who is to help needs to see of one person: the identity provider, expected against actual, the error
 * texts, the time line, versions and configuration. Values are masked unless it is asked otherwise.
 */
import { defined } from "../../provisioning/head.ts";
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { isProviders, listTokens } from "../../provisioning/token.ts";
import { lastContact } from "../../provisioning/contact.ts";
import type { TenantSettings } from "../../provisioning/tenant-settings.ts";
import { userType } from "../../scim/resource-type.ts";
import type { Json, JsonObject } from "../../scim/json.ts";
import type { Check } from "../doctor/check.ts";
import { doctor } from "../doctor/doctor.ts";
import type { EvidenceItem, Explanation } from "../explain/explanation.ts";
import { explanationOf } from "../explain/explain.ts";
import { type Facts, readFacts } from "../explain/facts.ts";
import { idpWords } from "../idp/idp.ts";
import type { Operations } from "../operations.ts";
import { type AttributeLine, attributeLines } from "./attributes.ts";
import { accountless, configurationOf } from "./configuration.ts";
import { knownValues } from "./known.ts";
import { type Masker, masker, unmasked } from "./masker.ts";

/** Times are milliseconds since 1970. */
export interface SupportBundle extends Pick<Explanation, "subject" | "verdict" | "steps"> {
  readonly tenant: string;
  readonly at: number;
  readonly masked: boolean;
  readonly idp: {
    readonly title: string;
    readonly tokens: readonly BundleToken[];
    /** What its administrator should add from there. */
    readonly evidence: string;
  };
  readonly attributes: readonly AttributeLine[];
  /** What was said, as it stands; absent when nothing is stored, or it is deleted. */
  readonly resource?: JsonObject;
  /** What the application reads. */
  readonly entry?: {
    readonly state: string;
    readonly version: number;
    readonly appliedAt: number;
    readonly profile: JsonObject;
  };
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    readonly at: number;
    readonly attempts: number;
  };
  /** Texts that the identity provider got, each once, the latest first. */
  readonly errors: readonly ErrorText[];
  /** Oldest first. */
  readonly timeline: readonly EvidenceItem[];
  readonly versions: Versions;
  readonly configuration: Json;
  /** What the doctor did not find well. */
  readonly health: readonly Check[];
}

export interface BundleToken {
  readonly id: string;
  readonly label: string;
  readonly idp?: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

export interface ErrorText {
  readonly status?: number;
  readonly text: string;
  readonly times: number;
  /** The latest. */
  readonly at: number;
  readonly requestId?: string;
}

export interface Versions {
  readonly rollcall: string;
  readonly node: string;
  /** Of the tenant file that was deployed, and that is here. */
  readonly deployedTenantFile?: string;
  readonly tenantFile: string;
  readonly mapping: string;
  /** The mapping that made the entry. */
  readonly entryMapping?: string;
}

export interface BundleOptions {
  readonly settings: TenantSettings;
  readonly fileHash: string;
  readonly rollcall: string;
  readonly node: string;
  readonly masked: boolean;
}

/** Errors: TableError. */
export async function supportBundle(o: Operations, word: string, options: BundleOptions): Promise<SupportBundle> {
  const [facts, tokens, diagnosis] = await Promise.all([readFacts(o, word, {}), listTokens(o.table), doctor(o)]);
  const known = knownValues(
    facts,
    tokens.map(({ id }) => id),
  );
  const mask = options.masked ? masker(o.tenant, known) : unmasked;
  const explained = explanationOf(facts);
  const words = idpWords(explained.subject.idp);
  return {
    tenant: o.tenant.name,
    at: facts.now,
    masked: options.masked,
    ...maskedExplanation(explained, mask),
    idp: {
      title: words.title,
      tokens: tokens.filter(isProviders).map(({ id, label, idp, createdAt, expiresAt, revokedAt, ...contact }) => {
        return { id, label, createdAt, ...defined({ idp, expiresAt, revokedAt, lastUsedAt: lastContact(contact) }) };
      }),
      evidence: words.evidence,
    },
    ...storedOf(facts, mask),
    errors: errorsOf(explained.evidence, mask),
    timeline: explained.evidence.map((item) => maskedItem(item, mask)).toReversed(),
    versions: versionsOf(o, facts, options),
    configuration: configurationOf(options.settings),
    health: healthOf(diagnosis.checks),
  };
}

function maskedExplanation({ subject, verdict, steps }: Explanation, mask: Masker) {
  const name = (text: string) => {
    const hidden = mask.value(text);
    return typeof hidden === "string" ? hidden : "";
  };
  const { word, id } = subject;
  return {
    subject: {
      ...subject,
      word: word.toLowerCase() === id ? word : name(word),
      ...(subject.name === undefined ? {} : { name: name(subject.name) }),
    },
    verdict: { ...verdict, summary: mask.text(verdict.summary) },
    steps: steps.map(({ action, ...step }) => ({
      ...step,
      reason: mask.text(step.reason),
      ...(action === undefined ? {} : { action: mask.text(action) }),
    })),
  };
}

function maskedItem({ detail, ...item }: EvidenceItem, mask: Masker): EvidenceItem {
  const what = mask.text(item.what);
  return { ...item, what, ...(detail === undefined ? {} : { detail: mask.text(detail) }) };
}

function storedOf({ tenant, stored }: Facts, mask: Masker) {
  if (stored === undefined) return { attributes: [] };
  const { head, entry } = stored;
  const failure = head.failure && { ...head.failure, message: mask.text(head.failure.message) };
  const attributes = attributeLines(tenant.mapping, stored).map(({ expected, actual, problem, ...line }) => ({
    ...line,
    ...defined({
      expected: expected === undefined ? undefined : mask.value(expected),
      actual: actual === undefined ? undefined : mask.value(actual),
      problem: problem === undefined ? undefined : mask.text(problem),
    }),
  }));
  return {
    attributes,
    ...(head.state === "deleted" ? {} : { resource: objectOf(mask.value(head.resource)) }),
    ...(entry === undefined
      ? {}
      : {
          entry: {
            state: entry.state,
            version: entry.version,
            appliedAt: entry.appliedAt,
            profile: objectOf(mask.value(entry.profile)),
          },
        }),
    ...defined({ failure }),
  };
}

function objectOf(value: Json): JsonObject {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a masked object is an object
  return value as JsonObject;
}

function errorsOf(evidence: readonly EvidenceItem[], mask: Masker): ErrorText[] {
  const failed = evidence.filter(
    ({ kind, detail }) => (kind === "refused" || kind === "fault") && detail !== undefined,
  );
  const groups = Map.groupBy(failed, ({ status, detail = "" }) => `${status ?? ""} ${detail}`);
  return [...groups.values()].flatMap((all) => {
    const [latest] = all;
    if (latest === undefined) return [];
    const { status, detail = "", at, requestId } = latest;
    return [{ text: mask.text(detail), times: all.length, at, ...defined({ status, requestId }) }];
  });
}

/** The doctor names nobody but whom AWS names to it. */
function healthOf(checks: readonly Check[]): Check[] {
  return checks
    .filter(({ state }) => state !== "ok" && state !== "skipped")
    .map((check) => ({ ...check, summary: accountless(check.summary) }));
}

function versionsOf(o: Operations, { stored }: Facts, { rollcall, node, fileHash }: BundleOptions): Versions {
  const deployedTenantFile = o.deployment?.deployedHash;
  const entryMapping = stored?.entry?.mappingHash;
  return {
    rollcall,
    node,
    tenantFile: fileHash,
    mapping: hashFor(o.tenant.mapping, stored?.head.type ?? userType.id),
    ...defined({ deployedTenantFile, entryMapping }),
  };
}
