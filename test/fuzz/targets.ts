/** What reads texts that strangers write, each as one function of the text, and what counts as a crash of it. */
import { jsonBody } from "../../lib/handlers/json-body.ts";
import { parsePath } from "../../lib/scim/attribute-path.ts";
import { ScimError } from "../../lib/scim/error.ts";
import { parseFilter } from "../../lib/scim/filter.ts";
import { matches } from "../../lib/scim/match.ts";
import { splitMembers } from "../../lib/scim/member-operation.ts";
import { applyPatch, parsePatch } from "../../lib/scim/patch-operation.ts";
import { project, readProjection } from "../../lib/scim/projection.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { readSearchBody, readSearchQuery } from "../../lib/scim/search-request.ts";
import { sample } from "../rfc/sample.ts";

/** Of an input of up to `charactersMost`, on a machine that does something else at the same time. */
export const millisecondsMost = 250;
export const charactersMost = 8_192;

export type TargetName = keyof typeof targets;

const types = [userType, groupType];
const user = sample("rfc7643-8.3-user-enterprise");
const stored = readResource(userType, user).resource;

export const targets = {
  body: (text: string): void => {
    const body = bodyOf(text);
    each([...types.map((type) => () => void readResource(type, body)), () => void readSearchBody(body)]);
  },
  patch: (text: string): void => {
    const body = bodyOf(text);
    each([
      () => void applyPatch(userType, stored, parsePatch(userType, body).operations),
      () => void splitMembers(parsePatch(groupType, body).operations),
    ]);
  },
  filter: (text: string): void => void matches(parseFilter(userType, text), user),
  path: (text: string): void => each(types.map((type) => () => void parsePath(type, text))),
  query: (text: string): void => {
    const { attributes, excludedAttributes } = readSearchQuery(new URLSearchParams(text));
    project(userType, user, readProjection(userType, { attributes, excludedAttributes }));
  },
};

/** Why an input is a crash: an error that no client is to see, or too long a time; undefined when it is none. */
export function crashOf(name: TargetName, input: string): string | undefined {
  const first = attempt(name, input);
  if (first.fault !== undefined || first.milliseconds <= millisecondsMost) return first.fault;
  // A pause of the machine does not come back three times.
  const least = Math.min(first.milliseconds, ...[1, 2].map(() => attempt(name, input).milliseconds));
  return least > millisecondsMost ? `${Math.round(least)} ms for ${input.length} characters` : undefined;
}

function attempt(name: TargetName, input: string): { fault: string | undefined; milliseconds: number } {
  const began = performance.now();
  let fault: string | undefined;
  try {
    targets[name](input);
  } catch (error) {
    if (!isRefusal(error)) fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return { fault, milliseconds: performance.now() - began };
}

function isRefusal(error: unknown): boolean {
  return error instanceof ScimError && [400, 403, 413].includes(error.status);
}

/** All of them, whichever refuses; what is no refusal flies. */
function each(readers: readonly (() => void)[]): void {
  for (const read of readers) {
    try {
      read();
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

function bodyOf(text: string): unknown {
  const request = {
    method: "POST",
    path: "/Users",
    query: new URLSearchParams(),
    headers: {},
    requestId: "r",
    baseUrl: "",
  };
  return jsonBody({ ...request, body: { text, isBase64: false } });
}
