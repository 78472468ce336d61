/** docs/licences.md, and the bill of materials that a release carries. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { billOfMaterials } from "../../supply/bill-of-materials.ts";
import { type Deployed, deployedPackages } from "../../supply/deployed.ts";
import { acceptedForTools, acceptedInProduction, licencesPage } from "../../supply/licences-page.ts";
import { lockedPackages, productionPackages, projectRoot } from "../../supply/packages.ts";

const production = productionPackages();
let deployed: Deployed;
beforeAll(async () => {
  deployed = await deployedPackages();
});

describe("licences", () => {
  test("of what is deployed ask for a notice at most", () => {
    expect(production.filter(({ licence }) => !acceptedInProduction.includes(licence))).toEqual([]);
  });

  test("of tools are ones that somebody looked at", () => {
    expect(lockedPackages().filter(({ licence }) => !acceptedForTools.includes(licence))).toEqual([]);
  });

  test("docs/licences.md is up to date; `npm run licences` writes it", () => {
    expect(readFileSync(join(projectRoot, "docs/licences.md"), "utf8")).toBe(licencesPage(deployed));
  });
});

describe("what is deployed", () => {
  test("is made of production packages alone: no tool has code in a function", () => {
    const names = new Set(production.map(({ name }) => name));
    expect(deployed.size).toBeGreaterThan(10);
    expect([...deployed.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  test("has code of each package that package.json calls a dependency, so that the list of them is no longer than need be", () => {
    expect(Object.keys(packageFile.dependencies).filter((name) => !deployed.has(name))).toEqual([]);
  });
});

test("the bill of materials names every production package with version, licence and hash, and no registry", () => {
  const bom = billOfMaterials(deployed);
  expect(bom).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    metadata: { component: { name: "rollcall", version: packageFile.version } },
  });
  const listed = bom.components.map(({ name, version, licenses }) => ({ name, version, licenses }));
  const expected = production.map(({ name, version, licence: id }) => ({
    name,
    version,
    licenses: [{ license: { id } }],
  }));
  expect(listed).toEqual(expect.arrayContaining(expected));
  expect(listed).toHaveLength(expected.length);
  expect(bom.components.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([]);
  const required = bom.components.filter(({ scope }) => scope === "required").map(({ name }) => name);
  expect(required.toSorted()).toEqual([...deployed.keys()].toSorted());
  expect(JSON.stringify(bom)).not.toMatch(/registry/);
});
