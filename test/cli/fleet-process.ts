/** The command in a process of its own, with the stand-in for CDK: `fleet-process.ts <folder> <words…>`. */
import { join } from "node:path";
import { main } from "../../lib/cli/main.ts";
import { terminalIo } from "../../lib/cli/terminal.ts";
import { fleetSettings } from "./fleet-settings.ts";

const [folder = "", ...words] = process.argv.slice(2);
process.exitCode = await main(words, terminalIo(process, fleetSettings(join(folder)), { plain: true }));
