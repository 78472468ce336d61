/** The tenant file for other eyes. It holds no secret; whose AWS account it is, and whom the alarms tell, is nobody's business. */
import { isList, isObject, type Json } from "../../scim/json.ts";
import { maskedText } from "../mask.ts";
import type { TenantSettings } from "../../provisioning/tenant-settings.ts";

/** Wherever it stands: by itself, in the ARN of a topic or of a certificate. */
const account = /(?<!\d)\d{12}(?!\d)/g;
/** Whoever ran the command, whom AWS names where it refuses something. */
const principal = /\b(arn:[\w-]+:(?:iam|sts)::)\S+/g;

export function configurationOf({ alarms, ...others }: TenantSettings): Json {
  const { email, ...rest } = alarms;
  const settings = { ...others, alarms: { ...rest, ...(email && { email: email.map(maskedText) }) } };
  return withoutAccount(JSON.parse(JSON.stringify(settings)) as Json);
}

function withoutAccount(value: Json): Json {
  if (isList(value)) return value.map(withoutAccount);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutAccount(part)]));
  return typeof value === "string" ? accountless(value) : value;
}

/** A sentence that may quote AWS. */
export function accountless(text: string): string {
  return text.replaceAll(principal, "$1…").replaceAll(account, "••••••••••••");
}
