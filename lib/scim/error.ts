/**
 * The error of a SCIM request: what the identity provider's administrator has to know.
 *
 * Source: RFC 7644 section 3.12; the cursor words from RFC 9865 section 2.1.
 */

export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

export const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";

/** `detail` is shown to administrators as it is: name the attribute, what was found and the cure; never a secret. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  /** More response headers, such as `Retry-After` or `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    scimType: ScimType | undefined,
    detail: string,
    options: { cause?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "ScimError";
    this.status = status;
    this.scimType = scimType;
    this.headers = options.headers ?? {};
  }

  /** The body of the answer; `status` is a JSON string there. */
  body(): { schemas: string[]; status: string; scimType?: ScimType; detail: string } {
    return {
      schemas: [errorSchema],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      detail: this.message,
    };
  }
}
