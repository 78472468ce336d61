/**
 * What is read, in types: entries and events. `rollcall types` writes an interface of this form from a tenant file, and all
 * that the reader gives follows from it.
 */
import type { EntryEvent as ToldEntryEvent, EntryEventKind, MembershipEvent } from "../events/event.ts";
import type { TestEvent } from "../events/send.ts";
import type { Json } from "../scim/json.ts";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Where the directory is. */
export interface DirectoryTable {
  /** The application's own; its role has the stack's reader policy. */
  readonly client: DynamoDBClient;
  /** The stack output `DirectoryTableName`. */
  readonly tableName: string;
}

/** One type of entry: its attributes, and by which of them it is found (`never`: by none). */
export interface EntryShape {
  readonly profile: object;
  readonly lookup: string;
}

/** Types of the tenant's own stand beside these two, by their names. */
export interface DirectoryTypes {
  readonly User: EntryShape;
  readonly Group: EntryShape;
}

interface Untyped {
  readonly profile: { readonly [name: string]: Json };
  readonly lookup: string;
}

/** Of an application that has not generated its types. */
export interface UntypedDirectory {
  readonly User: Untyped;
  readonly Group: Untyped;
}

export type TypeName<Types extends DirectoryTypes> = keyof Types & string;

type ProfileOf<Types extends DirectoryTypes, Name extends TypeName<Types>> = Types[Name] extends {
  readonly profile: infer Profile;
}
  ? Profile
  : never;
type LookupOf<Types extends DirectoryTypes, Name extends TypeName<Types>> = Types[Name] extends {
  readonly lookup: infer Lookup extends string;
}
  ? Lookup
  : never;

/** One attribute with its value, such as `{ email: "ada@example.com" }`; in any letter case. */
export type By<Types extends DirectoryTypes, Name extends TypeName<Types>> = {
  [Lookup in LookupOf<Types, Name>]: { readonly [Only in Lookup]: string | number | boolean };
}[LookupOf<Types, Name>];

interface EntryCommon<Name> {
  readonly type: Name;
  readonly id: string;
  /** Of the accepted change that it shows. */
  readonly version: number;
  /** Milliseconds since 1970; grows each time that the entry is made. It is the `sequence` of the event that tells of it. */
  readonly appliedAt: number;
}

export interface ActiveEntry<
  Types extends DirectoryTypes = UntypedDirectory,
  Name extends TypeName<Types> = "User",
> extends EntryCommon<Name> {
  readonly state: "active";
  /** Of the mapping that it was made with, as `rollcall types` names it. */
  readonly mappingHash: string;
  readonly profile: ProfileOf<Types, Name>;
}

/** May not sign in. Who is suspended while an attribute is missing has the profile that there was, or a part of one. */
export interface SuspendedEntry<
  Types extends DirectoryTypes = UntypedDirectory,
  Name extends TypeName<Types> = "User",
> extends EntryCommon<Name> {
  readonly state: "suspended";
  readonly mappingHash: string;
  readonly profile: Partial<ProfileOf<Types, Name>>;
}

/** Deleted; the entry goes when its days are over. */
export interface RemovedEntry<
  Types extends DirectoryTypes = UntypedDirectory,
  Name extends TypeName<Types> = "User",
> extends EntryCommon<Name> {
  readonly state: "removed";
  /** Milliseconds since 1970; DynamoDB may need a few days more. */
  readonly expiresAt: number;
  /** Where the tenant file retains it (`lifecycle.onDelete`). */
  readonly profile?: Partial<ProfileOf<Types, Name>>;
}

/** Who is there. A group is never suspended. */
export type LiveEntry<Types extends DirectoryTypes = UntypedDirectory, Name extends TypeName<Types> = "User"> =
  | ActiveEntry<Types, Name>
  | (Name extends "Group" ? never : SuspendedEntry<Types, Name>);

export type Entry<Types extends DirectoryTypes = UntypedDirectory, Name extends TypeName<Types> = "User"> =
  | LiveEntry<Types, Name>
  | RemovedEntry<Types, Name>;

/** Groups have users and groups as members. */
export interface Member {
  readonly type: "User" | "Group";
  readonly id: string;
}

type ToldValues<Profile> = {
  readonly [Attribute in keyof Profile]?: {
    readonly old?: Exclude<Profile[Attribute], undefined>;
    readonly new?: Exclude<Profile[Attribute], undefined>;
  };
};

/** `user.created`, `group.removed`, `device.suspended` … */
export interface EntryEvent<Types extends DirectoryTypes, Name extends TypeName<Types>> extends Omit<
  ToldEntryEvent,
  "type" | "data"
> {
  readonly type: `${Lowercase<Name>}.${EntryEventKind}`;
  readonly data: Omit<ToldEntryEvent["data"], "resource" | "changed" | "values"> & {
    readonly resource: { readonly type: Name; readonly id: string };
    readonly changed: readonly (keyof ProfileOf<Types, Name> & string)[];
    readonly values?: ToldValues<ProfileOf<Types, Name>>;
  };
}

/** All that an application is told; its `type` says which it is. Let those pass that you do not know. */
export type DirectoryEvent<Types extends DirectoryTypes = UntypedDirectory> =
  | { [Name in TypeName<Types>]: EntryEvent<Types, Name> }[TypeName<Types>]
  | MembershipEvent;

export type { TestEvent };

/** A webhook brings one more: that `rollcall events send-test` reaches it. Nothing is to be done. */
export type WebhookEvent<Types extends DirectoryTypes = UntypedDirectory> = DirectoryEvent<Types> | TestEvent;
