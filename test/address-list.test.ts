import { describe, expect, test } from "vitest";
import { addressList } from "../lib/address-list.ts";
import { addressRange } from "../lib/provisioning/address-range.ts";

const ranges = ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32", "10.1.2.3/8"].flatMap(
  (text) => addressRange(text) ?? [],
);
const isListed = addressList(ranges);

describe("a list of addresses", () => {
  test.each([
    "203.0.113.0",
    "203.0.113.255",
    "198.51.100.7",
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "::ffff:198.51.100.7",
    "10.255.0.1",
  ])("names %s", (address) => {
    expect(isListed(address)).toBe(true);
  });

  test.each([
    "203.0.114.0",
    "198.51.100.70",
    "2001:db9::1",
    "::ffff:198.51.100.8",
    "::1",
    "",
    "203.0.113.1, 1.1.1.1",
    "localhost",
  ])("does not name %j", (address) => {
    expect(isListed(address)).toBe(false);
  });
});

describe("a range of addresses", () => {
  test.each([
    ["203.0.113.0/24", { family: "ipv4", address: "203.0.113.0", bits: 24 }],
    ["203.0.113.9", { family: "ipv4", address: "203.0.113.9", bits: 32 }],
    ["0.0.0.0/0", { family: "ipv4", address: "0.0.0.0", bits: 0 }],
    ["2001:db8::/32", { family: "ipv6", address: "2001:db8::", bits: 32 }],
    ["::1", { family: "ipv6", address: "::1", bits: 128 }],
  ])("%s", (text, range) => {
    expect(addressRange(text)).toEqual(range);
  });

  test.each([
    "",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.0/33",
    "203.0.113.0/",
    "203.0.113.0/-1",
    "203.0.113.0/24/24",
    "203.0.113.0-203.0.113.9",
    "01.2.3.4",
    "2001:db8::/129",
    "2001:db8:::1",
    "fe80::1%eth0",
    "[::1]",
    "example.com",
  ])("refuses %j", (text) => {
    expect(addressRange(text)).toBeUndefined();
  });
});
