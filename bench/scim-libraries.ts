/** Other SCIM libraries of npm, each behind the same two functions. They are installed when they are first asked for. */
import type { JsonObject } from "../lib/scim/json.ts";
import { installOnce, loadModule } from "./load-module.ts";

export interface Library {
  readonly name: string;
  /** Reads the filter and asks one resource. */
  readonly fits?: (filter: string, resource: JsonObject) => boolean;
  /** Reads the operations and does them; what it was given stays as it was. */
  readonly patch?: (resource: JsonObject, operations: readonly JsonObject[]) => JsonObject | Promise<JsonObject>;
}

interface ParseFilter {
  parse(text: string): unknown;
  filter(tree: unknown): (resource: JsonObject) => boolean;
}

interface ScimPatch {
  patchBodyValidation(body: object): void;
  scimPatch(resource: JsonObject, operations: readonly JsonObject[], options: object): JsonObject;
}

interface Scimmy {
  readonly Types: { readonly Filter: new (text: string) => { match(list: readonly JsonObject[]): unknown[] } };
  readonly Schemas: {
    readonly User: (new (resource: JsonObject) => object) & { extend(schema: object, required: boolean): void };
    readonly Group: new (resource: JsonObject) => object;
    readonly EnterpriseUser: object;
  };
  readonly Messages: {
    readonly PatchOp: new (body: object) => {
      apply(resource: object, finish: (r: object) => Promise<object>): Promise<object>;
    };
  };
}

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
const folder = import.meta.dirname;

export async function loadLibraries(): Promise<Library[]> {
  installOnce(folder);
  const parseFilter = await loadModule<ParseFilter>(folder, "scim2-parse-filter");
  const scimPatch = await loadModule<ScimPatch>(folder, "scim-patch");
  const { default: scimmy } = await loadModule<{ default: Scimmy }>(folder, "scimmy");
  scimmy.Schemas.User.extend(scimmy.Schemas.EnterpriseUser, false);
  return [
    { name: "scim2-parse-filter", fits: (text, resource) => parseFilter.filter(parseFilter.parse(text))(resource) },
    {
      name: "scim-patch",
      patch: (resource, Operations) => {
        scimPatch.patchBodyValidation({ schemas, Operations });
        return scimPatch.scimPatch(resource, Operations, { mutateDocument: false });
      },
    },
    {
      name: "scimmy",
      fits: (text, resource) => new scimmy.Types.Filter(text).match([resource]).length > 0,
      patch: async (resource, Operations) => {
        const { User, Group } = scimmy.Schemas;
        const target = new ("members" in resource ? Group : User)({ id: "1", ...resource });
        const done = await new scimmy.Messages.PatchOp({ schemas, Operations }).apply(target, async (after) => after);
        // Undefined: nothing has changed.
        const text = JSON.stringify(done ?? target);
        const after: JsonObject = JSON.parse(text);
        return after;
      },
    },
  ];
}
