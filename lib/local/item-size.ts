/**
 * DynamoDB's limits, kept in embedded mode too: what works here must work when it is deployed.
 *
 * Source: DynamoDB developer guide, "Item sizes and formats" and "Quotas": an item at most 400 KB with its names,
 * a partition key 2,048 bytes, a sort key 1,024, a transaction 4 MB.
 */
import type { Attributes, Key, Value } from "../provisioning/ports.ts";

const itemBytesMost = 400 * 1024;
const partitionKeyBytesMost = 2048;
const sortKeyBytesMost = 1024;
export const transactionBytesMost = 4 * 1024 * 1024;

/** Units: bytes. Errors: Error when DynamoDB would refuse the item, or the number is not a safe integer. */
export function itemBytes(key: Key, attributes: Attributes): number {
  const bytes =
    keyBytes(key) +
    Object.entries(attributes).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(name, value), 0);
  if (bytes > itemBytesMost)
    throw new Error(`item ${key.pk} ${key.sk} has ${bytes} bytes, at most ${itemBytesMost} are possible`);
  return bytes;
}

/** Units: bytes. Errors: Error for a key that DynamoDB would refuse, also to look for. */
export function keyBytes({ pk, sk }: Pick<Key, "pk" | "sk">): number {
  const [pkBytes, skBytes] = [utf8(pk), utf8(sk)];
  if (pkBytes < 1 || pkBytes > partitionKeyBytesMost)
    throw new Error(`a partition key has 1 to ${partitionKeyBytesMost} bytes, this one has ${pkBytes}`);
  if (skBytes < 1 || skBytes > sortKeyBytesMost)
    throw new Error(`a sort key has 1 to ${sortKeyBytesMost} bytes, this one has ${skBytes}`);
  return pkBytes + skBytes;
}

function valueBytes(name: string, value: Value): number {
  switch (typeof value) {
    case "string":
      return utf8(value);
    case "boolean":
      return 1;
    case "number":
      if (!Number.isSafeInteger(value)) throw new Error(`attribute ${name} is ${value}, which is not a safe integer`);
      // One byte for two digits, one for the rest: never more than this.
      return Math.ceil(String(Math.abs(value)).length / 2) + 2;
    default:
      return value.reduce((sum, element) => sum + utf8(element) + 1, 3);
  }
}

function utf8(text: string): number {
  return Buffer.byteLength(text);
}
