/** `npm run build:directory`: makes the package of `rollcall/directory` in dist/directory. */
import { join } from "node:path";
import { buildDirectoryPackage } from "./directory-package.ts";
import { projectRoot } from "./packages.ts";

await buildDirectoryPackage(join(projectRoot, "dist/directory"));
console.log("dist/directory is the package: `npm pack ./dist/directory` makes the file that an application installs.");
