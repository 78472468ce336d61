/** The Java programs of the real tier: fetched from Maven once, into `.tools/`, which git ignores. */
import { execFile } from "node:child_process";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface Tool {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

export const dynamoDbLocal: Tool = {
  groupId: "software.amazon.dynamodb",
  artifactId: "DynamoDBLocal",
  version: "3.3.1",
};
export const elasticMq: Tool = { groupId: "org.elasticmq", artifactId: "elasticmq-server_3", version: "1.7.1" };

const toolsFolder = fileURLToPath(new URL("../../.tools/", import.meta.url));
const run = promisify(execFile);

/**
 * The folder with the tool's jars and native libraries. Each tool has one of its own: together Maven would choose one
 * version of what both use.
 *
 * Errors: Error when Java or Maven is missing, or Maven cannot fetch.
 */
export async function toolFolder(tool: Tool): Promise<string> {
  await expectProgram("java", ["-version"], "a Java runtime (17 or later) on the PATH");
  const folder = `${toolsFolder}${tool.artifactId}-${tool.version}`;
  if (await exists(folder)) return folder;
  await expectProgram("mvn", ["-version"], "Maven (mvn) on the PATH");
  // Moved into place when it is whole, so that an interrupted download is not taken for one.
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await writeFile(`${unfinished}/pom.xml`, pom(tool));
    await fetchJars(tool, unfinished);
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function fetchJars(tool: Tool, folder: string): Promise<void> {
  const name = `${tool.groupId}:${tool.artifactId}:${tool.version}`;
  console.log(`fetching ${name} with Maven`);
  const goal = ["dependency:copy-dependencies", "-DoutputDirectory=.", "-DincludeScope=runtime"];
  try {
    await run("mvn", ["--batch-mode", "--quiet", "--file", `${folder}/pom.xml`, ...goal]);
  } catch (error) {
    throw new Error(`Maven could not fetch ${name}: ${outputOf(error)}`, { cause: error });
  }
}

async function expectProgram(program: string, args: string[], what: string): Promise<void> {
  try {
    await run(program, args);
  } catch (error) {
    throw new Error(`The real tier needs ${what}, and \`${program}\` does not run.`, { cause: error });
  }
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "stdout" in error && typeof error.stdout === "string" && error.stdout !== "" ? error.stdout : error.message;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function pom({ groupId, artifactId, version }: Tool): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rollcall</groupId>
  <artifactId>tools</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
}
