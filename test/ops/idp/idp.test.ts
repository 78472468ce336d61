import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { idpNames as recognised } from "../../../lib/handlers/caller-idp.ts";
import { idpNames, idpWords } from "../../../lib/ops/idp/idp.ts";

describe("the words of identity providers", () => {
  test.each(recognised)("%s, which requests are recognised as, has words of its own", (name) => {
    expect(idpWords(name)).toMatchObject({ name, title: expect.not.stringContaining("the identity provider") });
  });

  test("a name in any letter case finds them; an unknown one, or none, gets words that fit any", () => {
    expect(idpWords("Entra").name).toBe("entra");
    expect(idpWords("hr-tool").name).toBe("unknown");
    expect(idpWords(undefined).name).toBe("unknown");
  });

  test.each(idpNames)("the page that %s refers to knows its fields", (name) => {
    const { page, baseUrlField } = idpWords(name);
    const text = readFileSync(join(import.meta.dirname, "../../..", page), "utf8").toLowerCase();
    expect(text).toContain(baseUrlField.replace(/ \(.*/, "").replace("Host URL", "base URL").toLowerCase());
  });

  test("only Entra is known to call by a cycle", () => {
    expect(idpNames.filter((name) => idpWords(name).cycleMinutes !== undefined)).toEqual(["entra"]);
  });
});
