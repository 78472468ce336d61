/** `npm run licences`: writes docs/licences.md from the lock file and from what esbuild puts into the functions. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployedPackages } from "./deployed.ts";
import { licencesPage } from "./licences-page.ts";
import { projectRoot } from "./packages.ts";

writeFileSync(join(projectRoot, "docs/licences.md"), licencesPage(await deployedPackages()));
console.log("docs/licences.md is up to date.");
