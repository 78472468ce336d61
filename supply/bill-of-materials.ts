/**
 * The bill of materials: what `npm sbom` says, which reads the lock file and asks nobody, without the tools, and with a word
 * on what is really deployed.
 *
 * Not by npm's `--omit dev`: that leaves out what a tool needs as well, which here was 24 of 39 packages.
 */
import { execFileSync } from "node:child_process";
import { type Deployed, functionNames } from "./deployed.ts";
import { productionPackages, projectRoot } from "./packages.ts";

/** The parts of CycloneDX 1.5 that are read or written here; all else stays as npm wrote it. */
export interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  /** `required`: its code is in a function. `excluded`: it is installed, and no function has any of it. */
  readonly scope: "required" | "optional" | "excluded";
  readonly licenses?: readonly object[];
  readonly hashes?: readonly object[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export function billOfMaterials(deployed: Deployed): Bom {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const whole: Bom = JSON.parse(execFileSync("npm", args, { cwd: projectRoot, encoding: "utf8" }));
  const kept = new Set(productionPackages().map(({ name, version }) => `${name}@${version}`));
  const components = whole.components.filter(({ name, version }) => kept.has(`${name}@${version}`));
  const references = new Set(components.map((one) => one["bom-ref"]));
  return {
    ...whole,
    // npm takes the name of the folder.
    metadata: { ...whole.metadata, component: { ...whole.metadata.component, name: "rollcall", type: "application" } },
    components: components.map((one) => ({ ...one, ...deployment(one, deployed) })),
    dependencies: whole.dependencies
      .filter(({ ref }) => references.has(ref) || ref.startsWith("rollcall@"))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) })),
  };
}

function deployment({ name, properties = [] }: Component, deployed: Deployed): Pick<Component, "scope" | "properties"> {
  const sizes = deployed.get(name);
  if (sizes === undefined) return { scope: "excluded" };
  const functions = functionNames.filter((name) => sizes[name] !== undefined).join(", ");
  return { scope: "required", properties: [...properties, { name: "rollcall:functions", value: functions }] };
}
