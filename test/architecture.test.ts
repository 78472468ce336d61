/**
 * Who may import whom. The table is the documentation: arrows go down it and never up.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";

interface Room {
  /** Rooms it may import from, beside itself. */
  readonly rooms: readonly string[];
  /** Packages it may import, by the beginning of their names. */
  readonly packages: readonly string[];
}

const anyNode = "node:";
const sdk = "@aws-sdk/";

const table: Record<string, Room> = {
  bin: {
    rooms: [
      "lib/cli",
      "lib/console",
      "lib/local",
      "lib/cdk",
      "lib/events",
      "lib/outbound",
      "lib/provisioning",
      "lib/tenant-folder.ts",
      "lib/token.ts",
    ],
    packages: [anyNode, "aws-cdk-lib", "commander"],
  },
  functions: {
    rooms: [
      "lib/aws",
      "lib/events",
      "lib/handlers",
      "lib/outbound",
      "lib/provisioning",
      "lib/scim",
      "lib/config.ts",
      "lib/system.ts",
    ],
    packages: [sdk, "node:fs", "node:crypto"],
  },
  "lib/cli": {
    rooms: [
      "lib/aws",
      "lib/console",
      "lib/events",
      "lib/local",
      "lib/ops",
      "lib/outbound",
      "lib/provisioning",
      "lib/scim",
      "lib/stack-outputs.ts",
      "lib/system.ts",
      "lib/tenant-folder.ts",
      "lib/token.ts",
    ],
    packages: [anyNode, sdk, "commander", "cli-progress", "cli-table3", "zod"],
  },
  "lib/console": {
    rooms: [
      "lib/events",
      "lib/local",
      "lib/ops",
      "lib/provisioning",
      "lib/scim",
      "lib/system.ts",
      "lib/tenant-folder.ts",
    ],
    packages: [
      "hono",
      "@hono/node-server",
      "node:crypto",
      "node:fs",
      "node:http",
      "node:os",
      "node:path",
      "node:timers",
    ],
  },
  "lib/cdk": {
    rooms: ["lib/config.ts", "lib/stack-outputs.ts"],
    packages: ["node:path", "aws-cdk-lib", "constructs"],
  },
  "lib/local": {
    rooms: [
      "lib/events",
      "lib/handlers",
      "lib/ops",
      "lib/outbound",
      "lib/provisioning",
      "lib/scim",
      "lib/system.ts",
      "lib/tenant-folder.ts",
      "lib/token.ts",
    ],
    packages: [anyNode, "aws-lambda"],
  },
  "lib/aws": { rooms: ["lib/events", "lib/provisioning", "lib/scim"], packages: [sdk, "node:crypto", "node:timers"] },
  "lib/tenant-folder.ts": {
    rooms: ["lib/provisioning", "lib/scim"],
    packages: ["node:fs", "node:path", "node:crypto"],
  },
  "lib/ops": {
    rooms: ["lib/events", "lib/provisioning", "lib/scim", "lib/address-list.ts", "lib/token.ts"],
    packages: ["node:crypto", "csv-parse"],
  },
  "lib/handlers": {
    rooms: ["lib/events", "lib/provisioning", "lib/scim", "lib/address-list.ts", "lib/token.ts"],
    packages: [
      "@middy/",
      "@aws-lambda-powertools/",
      "aws-lambda",
      "jose",
      "zod/mini",
      "node:crypto",
      "node:net",
      "node:util",
      "node:zlib",
    ],
  },
  // Bundled into a package of its own: the less it imports, the smaller that is.
  "lib/directory": {
    rooms: ["lib/events", "lib/provisioning", "lib/scim"],
    packages: ["@aws-sdk/client-dynamodb", "standardwebhooks"],
  },
  "lib/outbound": { rooms: ["lib/events"], packages: ["node:dns", "node:http", "node:https", "node:net"] },
  "lib/events": { rooms: ["lib/provisioning", "lib/scim", "lib/token.ts"], packages: ["standardwebhooks", "zod"] },
  "lib/system.ts": { rooms: ["lib/provisioning"], packages: ["node:crypto", "node:timers"] },
  "lib/address-list.ts": { rooms: ["lib/provisioning"], packages: ["node:net"] },
  "lib/token.ts": { rooms: [], packages: ["node:crypto"] },
  "lib/stack-outputs.ts": { rooms: [], packages: [] },
  "lib/config.ts": { rooms: [], packages: ["zod/mini"] },
  "lib/provisioning": { rooms: ["lib/scim"], packages: ["zod"] },
  "lib/scim": { rooms: [], packages: [] },
};

/** Configuration comes in at the edge and is passed on as values. */
const readTheEnvironment = ["bin", "functions"];

describe("the architecture", () => {
  const root = join(import.meta.dirname, "..");
  const files = globSync("{bin,functions,lib}/**/*.ts", { cwd: root }).map((path) => path.replaceAll("\\", "/"));

  test.each(Object.keys(table))(
    "%s imports only what its row allows, and reads the environment only at the edge",
    (room) => {
      const own = files.filter((path) => roomOf(path) === room);
      expect(own.flatMap((path) => offences(path, readFileSync(join(root, path), "utf8")))).toEqual([]);
    },
  );

  test("every file is in a room of the table", () => {
    expect(files.filter((path) => roomOf(path) === undefined)).toEqual([]);
  });

  test.each([
    [
      "lib/scim/filter.ts",
      'import { read } from "../provisioning/read.ts";',
      "lib/scim/filter.ts imports lib/provisioning/read.ts, but lib/scim may import nothing but itself.",
    ],
    [
      "lib/aws/table.ts",
      'import type { Store } from "../local/store.ts";',
      "lib/aws/table.ts imports lib/local/store.ts, but lib/aws may import only lib/events, lib/provisioning, lib/scim, @aws-sdk/, node:crypto, node:timers.",
    ],
    [
      "lib/provisioning/accept.ts",
      'export { x } from "node:fs";',
      "lib/provisioning/accept.ts imports node:fs, but lib/provisioning may import only lib/scim, zod.",
    ],
    [
      "lib/ops/dlq.ts",
      "const name = process.env.NAME;",
      "lib/ops/dlq.ts reads process.env, which only bin and functions may: pass the value in.",
    ],
  ])("a breach in %s is told in a sentence", (path, text, sentence) => {
    expect(offences(path, text)).toEqual([sentence]);
  });
});

function offences(path: string, text: string): string[] {
  const room = roomOf(path) ?? path;
  const code = withoutComments(text);
  const imports = importsOf(path, code).filter((target) => !isAllowed(room, target));
  const reads = !readTheEnvironment.includes(room) && /\bprocess\s*\.\s*env\b|"node:process"/.test(code);
  return [
    ...imports.map((target) => `${path} imports ${target}, but ${room} may import ${allowed(room)}.`),
    ...(reads
      ? [`${path} reads process.env, which only ${readTheEnvironment.join(" and ")} may: pass the value in.`]
      : []),
  ];
}

const importStatement =
  /^\s*(?:import|export)\b[^;"']*?\bfrom\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** Files of ours by their path, packages by their name. */
function importsOf(path: string, code: string): string[] {
  const specifiers = [...code.matchAll(importStatement)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  return specifiers.map((specifier) => {
    return specifier.startsWith(".") ? posix.join(dirname(path), specifier) : specifier;
  });
}

function isAllowed(room: string, target: string): boolean {
  const { rooms, packages } = table[room] ?? { rooms: [], packages: [] };
  const targetRoom = roomOf(target);
  if (targetRoom !== undefined) return targetRoom === room || rooms.includes(targetRoom);
  return packages.some((name) => target === name || target.startsWith(/[:/]$/.test(name) ? name : `${name}/`));
}

function allowed(room: string): string {
  const { rooms, packages } = table[room] ?? { rooms: [], packages: [] };
  const all = [...rooms, ...packages];
  return all.length === 0 ? "nothing but itself" : `only ${all.join(", ")}`;
}

function roomOf(path: string): string | undefined {
  return Object.keys(table).find((room) => path === room || path.startsWith(`${room}/`));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}
