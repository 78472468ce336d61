import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listTenants, loadTenant } from "../lib/tenant-folder.ts";

const file = JSON.stringify({ environment: { region: "eu-central-1" }, mapping: { attributes: {} } });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-tenants-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

describe("the tenant folder", () => {
  test("lists its tenants by name, and nothing that is not one", () => {
    for (const name of ["globex.json", "acme.json", "tenant.schema.json", "README.md"]) write(name, file);
    expect(listTenants(folder)).toEqual(["acme", "globex"]);
    expect(listTenants(join(folder, "nowhere"))).toEqual([]);
  });

  test("a tenant comes with the path of its file and the hash of what it says", () => {
    write("acme.json", file);
    const before = loadTenant(folder, "acme");
    expect(before).toMatchObject({ path: join(folder, "acme.json"), hash: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(before.tenant.name).toBe("acme");
    expect(before.settings.environment.region).toBe("eu-central-1");
    write("acme.json", file.replace("central", "west"));
    expect(loadTenant(folder, "acme").hash).not.toBe(before.hash);
  });

  test.each([
    [[], 'There is no tenant "initech"; there is no tenant file in tenants/ yet.'],
    [["acme"], 'There is no tenant "initech"; the only tenant is acme.'],
    [["acme", "globex", "hooli"], 'There is no tenant "initech"; the tenants are acme, globex and hooli.'],
  ])("an unknown tenant beside %j is answered with those there are", (names, sentence) => {
    for (const name of names) write(`${name}.json`, file);
    expect(() => loadTenant(folder, "initech")).toThrow(sentence);
  });

  test("a name never leads out of the folder", () => {
    write("acme.json", file);
    expect(() => loadTenant(folder, "../tenants/acme")).toThrow("the only tenant is acme");
  });

  test.each([
    ["", "line 1, column 1 is not JSON: Unexpected end of JSON input."],
    ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3 is not JSON: Expected ',' or '}' after property value."],
    ['{\n  "a": tru\n}', "line 2, column 11 is not JSON: Unexpected token '\n'."],
    ['{ "a": 1, }', "line 1, column 11 is not JSON: Expected double-quoted property name."],
    ['{ "a": [1,, 2] }', "line 1, column 11 is not JSON: Unexpected token ','."],
    ["{} x", "line 1, column 4 is not JSON: Unexpected non-whitespace character."],
  ])("%j is answered with the place where it is no JSON", (text, problem) => {
    write("acme.json", text);
    expect(() => loadTenant(folder, "acme")).toThrow(`tenants/acme.json: ${problem}`);
  });

  test("what is wrong in a file that is JSON is told by the tenant file's own rules", () => {
    write("acme.json", "{}");
    expect(() => loadTenant(folder, "acme")).toThrow("tenants/acme.json: environment: missing; expected an object.");
  });
});
