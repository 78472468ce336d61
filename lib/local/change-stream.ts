/** The Directory table's stream on SQLite: what was written, in its order, until it was handled. It keeps it for longer than 24 hours. */
import type { DynamoDBStreamEvent, DynamoDBRecord, AttributeValue } from "aws-lambda";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { subjectOf } from "../events/tellings-of.ts";
import type { Attributes, Key } from "../provisioning/ports.ts";
import { wireItem } from "./attribute-value.ts";
import { prepared } from "./database.ts";

/** Within the transaction of the write. False: of nothing that is told. */
export function addChange(
  db: DatabaseSync,
  { table, pk, sk }: Key,
  before: Attributes | undefined,
  after: Attributes | undefined,
): boolean {
  if (table !== "directory" || subjectOf({ pk, sk }) === undefined) return false;
  const images = [before, after].map((image) => (image === undefined ? null : JSON.stringify(image)));
  prepared(db, "INSERT INTO change (pk, sk, before, after, at) VALUES (?, ?, ?, ?, ?)").run(
    pk,
    sk,
    images[0] ?? null,
    images[1] ?? null,
    Date.now(),
  );
  return true;
}

export interface ChangeBatch {
  readonly event: DynamoDBStreamEvent;
  /** Of the last one. */
  readonly to: number;
}

/** The oldest that were not handled; undefined when there are none. */
export function nextChanges(db: DatabaseSync, most: number): ChangeBatch | undefined {
  const rows = prepared(db, "SELECT id, pk, sk, before, after, at FROM change ORDER BY id LIMIT ?").all(most);
  const last = rows.at(-1);
  return last && { event: { Records: rows.map(recordOf) }, to: Number(last["id"]) };
}

export function removeChanges(db: DatabaseSync, to: number): void {
  prepared(db, "DELETE FROM change WHERE id <= ?").run(to);
}

function recordOf(row: Record<string, SQLOutputValue>): DynamoDBRecord {
  const key = { pk: String(row["pk"]), sk: String(row["sk"]) };
  const image = (name: "before" | "after") => {
    const text = row[name];
    return typeof text === "string" ? (wireItem(key, JSON.parse(text) as Attributes) as Image) : undefined;
  };
  const [OldImage, NewImage] = [image("before"), image("after")];
  return {
    eventID: String(row["id"]),
    eventName: OldImage === undefined ? "INSERT" : NewImage === undefined ? "REMOVE" : "MODIFY",
    eventSource: "aws:dynamodb",
    awsRegion: "local",
    dynamodb: {
      ApproximateCreationDateTime: Number(row["at"]) / 1000,
      Keys: { pk: { S: key.pk }, sk: { S: key.sk } },
      ...(OldImage && { OldImage }),
      ...(NewImage && { NewImage }),
      SequenceNumber: String(row["id"]),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

type Image = Record<string, AttributeValue>;
