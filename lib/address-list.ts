/** A list of addresses that may ask, ready to use: the tenant file's `allowFrom`. */
import { BlockList, isIP } from "node:net";
import type { AddressRange } from "./provisioning/address-range.ts";

export type IsListed = (address: string) => boolean;

/** An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`), as a server that listens on both has them, is the IPv4 address. */
export function addressList(ranges: readonly AddressRange[]): IsListed {
  const list = new BlockList();
  for (const { address, bits, family } of ranges) list.addSubnet(address, bits, family);
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
  };
}
