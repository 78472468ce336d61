/**
 * Which addresses are anybody's on the internet, and none of a network that this machine stands in.
 *
 * Source: IANA's registries of special-purpose addresses (RFC 6890), and of IPv6's global unicast space.
 */
import { BlockList, isIP } from "node:net";

const notPublic4 = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local: the metadata of cloud machines
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relays
  ["192.168.0.0", 16],
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
] as const;

/** Of 2000::/3. All that is outside of it is refused: loopback, link-local, unique local, multicast, IPv4 in IPv6's clothes, NAT64. */
const notPublic6 = [
  ["2001::", 23], // Teredo, which carries an IPv4 address, and other protocols' own
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4, which carries an IPv4 address
  ["3fff::", 20], // documentation
] as const;

const refused = new BlockList();
for (const [address, bits] of notPublic4) refused.addSubnet(address, bits, "ipv4");
for (const [address, bits] of notPublic6) refused.addSubnet(address, bits, "ipv6");

const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");

/** False for a text that is no address, too. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, "ipv4");
    case 6:
      return global6.check(address, "ipv6") && !refused.check(address, "ipv6");
    default:
      return false;
  }
}
