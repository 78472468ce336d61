/** `npm run sbom [-- <file>]`: writes the bill of materials that a release carries, as CycloneDX 1.5. */
import { writeFileSync } from "node:fs";
import { billOfMaterials } from "./bill-of-materials.ts";
import { deployedPackages } from "./deployed.ts";

const [file = "rollcall-sbom.json", ...rest] = process.argv.slice(2);
if (file.startsWith("-") || rest.length > 0) {
  console.error(
    `sbom: found "${[file, ...rest].join(" ")}"; expected the name of one file, or nothing for rollcall-sbom.json.`,
  );
  process.exit(2);
}
const bom = billOfMaterials(await deployedPackages());
try {
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
} catch (error) {
  console.error(`sbom: ${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`);
  process.exit(1);
}
console.log(`${bom.components.length} packages with version, licence and hash are in ${file}.`);
