import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../lib/outbound/public-address.ts";

describe("an address is public", () => {
  test.each([
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "198.17.255.255",
    "223.255.255.255",
  ])("%s", (address) => expect(isPublicAddress(address)).toBe(true));

  test.each(["2600:1f18::1", "2a00:1450:4001:80b::200e", "2001:4860:4860::8888"])("%s", (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe("an address is not public", () => {
  test.each([
    ["0.0.0.0", "this machine"],
    ["10.1.2.3", "private"],
    ["100.64.0.1", "carrier-grade NAT"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["169.254.169.254", "the metadata of a cloud machine"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.8", "protocol assignments"],
    ["192.168.178.1", "private"],
    ["198.18.0.1", "benchmarks"],
    ["224.0.0.251", "multicast"],
    ["239.255.255.255", "multicast"],
    ["255.255.255.255", "broadcast"],
    ["::", "this machine"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback in IPv6's clothes"],
    ["::ffff:8.8.8.8", "IPv4 in IPv6's clothes"],
    ["::127.0.0.1", "IPv4-compatible"],
    ["64:ff9b::a9fe:a9fe", "the metadata of a cloud machine through NAT64"],
    ["fd00:ec2::254", "the metadata of a cloud machine"],
    ["fc00::1", "unique local"],
    ["fe80::1", "link-local"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["2002:7f00:1::", "loopback through 6to4"],
    ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"],
    ["2001:db8::1", "documentation"],
    ["hooks.example.com", "a name"],
    ["", "nothing"],
  ])("%s (%s)", (address) => expect(isPublicAddress(address)).toBe(false));
});
