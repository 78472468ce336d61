/** The key `mapping` of a tenant file: how the application's profile is made. */
import * as z from "zod/mini";

/** One path costs a look at the resource, so these bound the work of a mapping and the size of a transaction. */
const mappedAttributesMost = 100;
const lookupsMost = 20;
const pathsMost = 10;
/** They stand in the memory of each function. */
const rowsMost = 2_000;
const joinCharactersMost = 20;
const roleTablesMost = 5;
const rolesMost = 20;

const path = z.string().check(z.minLength(1, { error: "a text that is not empty" }));
const pathOrPaths = `a SCIM attribute path, or a list of 1 to ${pathsMost} of them`;
const paths = z
  .array(path)
  .check(z.minLength(1, { error: pathOrPaths }), z.maxLength(pathsMost, { error: pathOrPaths }));

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "a text, a number or a boolean" });

const separator = `a text of at most ${joinCharactersMost} characters`;
const rows = `1 to ${rowsMost} values, each with what it becomes`;

/** What a value is made from and becomes. */
const valueShape = {
  from: z.exactOptional(z.union([path, paths], { error: pathOrPaths })),
  constant: z.exactOptional(scalar),
  join: z.exactOptional(z.string().check(z.maxLength(joinCharactersMost, { error: separator }))),
  trim: z.prefault(z.boolean(), false),
  case: z.exactOptional(z.enum(["lower", "upper"])),
  table: z.exactOptional(
    z
      .record(z.string(), scalar)
      .check(z.refine((table) => isBetween(Object.keys(table).length, 1, rowsMost), { error: rows })),
  ),
  otherwise: z.exactOptional(scalar),
  as: z.exactOptional(z.enum(["text", "number", "boolean", "date", "dateTime"])),
  required: z.prefault(z.boolean(), false),
  policy: z.exactOptional(z.enum(["reject", "park"])),
  lookup: z.prefault(z.boolean(), false),
};

const role = "a role, or a list of 1 to 20 of them";
const roleText = z.string().check(z.minLength(1, { error: "a text that is not empty" }));
const roleList = z.array(roleText).check(z.minLength(1, { error: role }), z.maxLength(rolesMost, { error: role }));
const fromGroups = z
  .record(
    z.string().check(z.minLength(1, { error: "the name of a group" })),
    z.union([roleText, roleList], { error: role }),
  )
  .check(
    z.refine((table) => isBetween(Object.keys(table).length, 1, rowsMost), {
      error: `1 to ${rowsMost} names of groups, each with its role`,
    }),
  );

const profileAttribute = z.strictObject({ ...valueShape, fromGroups: z.exactOptional(fromGroups) }).check(
  z.refine(({ from, constant, fromGroups }) => (from ?? constant ?? fromGroups) !== undefined, {
    error: '"from", "constant" or both; or "fromGroups"',
    when: whenWellFormed,
  }),
  z.refine(
    ({ fromGroups, trim, required, lookup, ...others }) =>
      fromGroups === undefined || !(trim || required || lookup || Object.keys(others).length > 0),
    { error: '"fromGroups" alone, as it is made from groups and not from the user', when: whenWellFormed },
  ),
  z.refine(({ from, join }) => join === undefined || from !== undefined, {
    error: 'no "join", or "from" with the paths whose values are joined',
    when: whenWellFormed,
  }),
  z.refine(({ otherwise, table }) => otherwise === undefined || table !== undefined, {
    error: 'no "otherwise", or a "table" beside it',
    when: whenWellFormed,
  }),
);

/** A misspelt "from" is told once, as a misspelt key. */
function whenWellFormed({ issues }: { issues: readonly unknown[] }): boolean {
  return issues.length === 0;
}

function isBetween(n: number, least: number, most: number): boolean {
  return n >= least && n <= most;
}

const attributes = z
  .record(
    z.string().check(
      z.regex(/^(?!(constructor|prototype)$)[A-Za-z][A-Za-z0-9_]{0,63}$/, {
        error: "1 to 64 letters, digits and _, a letter first, and not constructor or prototype",
      }),
    ),
    profileAttribute,
  )
  .check(
    z.refine((all) => Object.keys(all).length <= mappedAttributesMost, {
      error: `at most ${mappedAttributesMost} attributes`,
    }),
    z.refine((all) => Object.values(all).filter(({ lookup }) => lookup).length <= lookupsMost, {
      error: `at most ${lookupsMost} attributes with "lookup"`,
    }),
    z.refine(
      (all) => Object.values(all).filter(({ fromGroups }) => fromGroups !== undefined).length <= roleTablesMost,
      {
        error: `at most ${roleTablesMost} attributes with "fromGroups"`,
      },
    ),
  );

export const mappingSettings = z.strictObject({
  policy: z.prefault(z.enum(["reject", "park"]), "reject"),
  attributes,
  resourceTypes: z.exactOptional(z.record(z.string(), z.strictObject({ attributes }))),
});

export type MappingSettings = z.infer<typeof mappingSettings>;
export type AttributeSettings = z.infer<typeof profileAttribute>;
