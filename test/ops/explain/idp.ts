/** What Entra and Okta send, request by request: the forms of docs/entra.md and docs/okta.md. */
import { type Answer, idOf, type World } from "./world.ts";

const user = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export interface Played {
  readonly id: string;
  /** Of the requests in order: the search, then the create … */
  readonly requests: readonly string[];
}

/** Without the flag aadOptscim062020: capital letters, and booleans as texts. */
export function entra({ ask }: World) {
  const search = async (userName: string): Promise<Answer> =>
    await ask("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
  const create = async (userName: string, more: object = {}): Promise<Answer> =>
    await ask("POST", "/Users", {
      schemas: [user, enterprise],
      externalId: `object-of-${userName}`,
      userName,
      active: true,
      emails: [{ primary: true, type: "work", value: userName }],
      meta: { resourceType: "User" },
      name: { formatted: "given family", familyName: "family", givenName: "given" },
      roles: [],
      ...more,
    });
  const patch = async (id: string, ...operations: readonly { path: string; value: unknown }[]): Promise<Answer> =>
    await ask("PATCH", `/Users/${id}`, {
      schemas: [patchOp],
      Operations: operations.map(({ path, value }) => ({ op: "Replace", path, value })),
    });
  return {
    search,
    create,
    patch,
    /** Assigned: searched for, and created. */
    provision: async (userName: string, more: object = {}): Promise<Played> => {
      const searched = await search(userName);
      const created = await create(userName, more);
      return { id: idOf(created), requests: [searched.requestId, created.requestId] };
    },
    disable: async (id: string): Promise<Answer> => await patch(id, { path: "active", value: "False" }),
    softDelete: async (id: string, userName: string): Promise<Answer> =>
      await patch(
        id,
        { path: "active", value: "False" },
        { path: "userName", value: `6f1bd3c0a3a44d0f9a0f0e9f1c2d3e4f${userName}` },
      ),
    delete: async (id: string): Promise<Answer> => await ask("DELETE", `/Users/${id}`),
  };
}

/** The app of the catalog: searches with paging, and PATCH for `active` alone. */
export function okta({ ask }: World) {
  return {
    search: async (userName: string): Promise<Answer> =>
      await ask("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}&startIndex=1&count=100`),
    create: async (userName: string, more: object = {}): Promise<Answer> =>
      await ask("POST", "/Users", {
        schemas: [user],
        userName,
        name: { givenName: "given", familyName: "family" },
        emails: [{ primary: true, value: userName, type: "work" }],
        displayName: "given family",
        locale: "en-US",
        externalId: `00u-${userName}`,
        groups: [],
        password: "p4ssword",
        active: true,
        ...more,
      }),
    replace: async (id: string, userName: string, more: object = {}): Promise<Answer> =>
      await ask("PUT", `/Users/${id}`, { schemas: [user], id, userName, active: true, ...more }),
    pushGroup: async (displayName: string): Promise<Answer> =>
      await ask("POST", "/Groups", {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        displayName,
        members: [],
      }),
    addMembers: async (id: string, displayName: string, ...members: readonly string[]): Promise<Answer> =>
      await ask("PATCH", `/Groups/${id}`, {
        schemas: [patchOp],
        Operations: [
          { op: "replace", value: { id, displayName } },
          { op: "add", path: "members", value: members.map((value) => ({ value, display: value })) },
        ],
      }),
  };
}
