/**
 * Where a request comes from, as far as one sender can be told from another: an IPv4 address, or the /64 of an IPv6 one, of
 * which a single machine has all.
 */
import { isIPv4, isIPv6 } from "node:net";

export function sourceNetwork(address: string): string {
  const [plain = ""] = address.split("%");
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return "unknown";
  // As a server that listens on both has an IPv4 address.
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  return mapped ?? `${groupsOf(plain).slice(0, 4).join(":")}::/64`;
}

function groupsOf(address: string): string[] {
  // The URL parser writes an address in one way only.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = "", after] = canonical.split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  return [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
}
