/** `rollcall ls members <group>` */
import { commandFor } from "../../ops/command.ts";
import { type GroupStanding, readGroupCalled } from "../../ops/group/group.ts";
import { type ListedMember, readMembersPage } from "../../ops/group/members-page.ts";
import { pendingWords, walkWords } from "../../ops/group/words.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, styled } from "../io.ts";
import { printJson } from "../json.ts";
import { field } from "../paragraph.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { printable } from "../words.ts";
import { type PageOptions, syncText, usualMost } from "./ls.ts";

export async function lsMembers({ io }: CommandContext, word: string, options: PageOptions): Promise<void> {
  const { after, most } = options;
  await withTarget(options, io.settings, async ({ operations }) => {
    const { head, pending, standing } = await readGroupCalled(operations, word);
    const asked = { most, ...(after !== undefined && { after }) };
    const page = await readMembersPage(operations, head, pending.net, asked);
    if (options.json === true) return printJson(io, { group: standing, ...page });
    printStanding(io, standing, operations.clock.now());
    if (page.members.length > 0) printMembers(io, page.members);
    else line(io, after === undefined ? "No members." : "No more members.");
    if (page.next === undefined) return;
    const words = `ls members ${head.id}${most === usualMost ? "" : ` --most ${most}`} --after ${page.next}`;
    line(io, `  $ ${commandFor(operations, words)}`);
  });
}

function printStanding(io: Io, standing: GroupStanding, now: number): void {
  const { id, name = id, version, applied, pending, walk, roles } = standing;
  line(io, styled(io, "bold", `Group ${printable(name)}`));
  field(io, "id", id);
  field(io, "sync", `${syncText(standing, now)}: version ${version}, the directory has version ${applied}`);
  const words = pendingWords(pending);
  if (words !== undefined) field(io, "pending", words);
  if (walk !== undefined) field(io, "worker", walkWords(walk));
  for (const [attribute, given] of Object.entries(roles)) field(io, attribute, printable(given.join(", ")));
  line(io);
}

function printMembers(io: Io, members: readonly ListedMember[]): void {
  printTable(
    io,
    ["name", "id", "type", "state", "member"],
    members.map(({ name = "–", id, type, state = "unknown", standing }) => [name, id, type, state, words[standing]]),
  );
}

const words = { member: "is there", coming: "to come", leaving: "to leave" } as const;
