/** docs/protocol.md, README.md and ServiceProviderConfig name the limits that are in force (R4, R124). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { limits } from "../lib/scim/limits.ts";
import { serviceProviderConfig } from "../lib/scim/service-provider-config.ts";

const page = readFileSync(join(import.meta.dirname, "../docs/protocol.md"), "utf8");
const rows = [...page.matchAll(/^\| [^|]+ \| `(\w+)` \| ([\d,]+)[^|]*\|/gm)];

describe("the limits", () => {
  test("in docs/protocol.md are those of the code, all of them (R124)", () => {
    const documented = rows.map(([, name = "", number = ""]) => [name, Number(number.replaceAll(",", ""))]);
    expect(Object.fromEntries(documented)).toEqual(limits);
  });

  test("are announced where the protocol has a place for it (R4, R5)", () => {
    expect(serviceProviderConfig("https://scim.example.com/scim/v2")).toMatchObject({
      filter: { maxResults: limits.pageSizeMost },
      bulk: { maxOperations: limits.bulkOperations, maxPayloadSize: limits.bulkBytes },
    });
  });
});
