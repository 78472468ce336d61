/**
 * What lib/provisioning/ports.ts promises about Table, as one suite for every adapter.
 *
 * Every test makes keys of its own, so the store may be shared and need not be empty.
 */
import { afterAll, beforeAll, describe } from "vitest";
import type { Table } from "../../lib/provisioning/ports.ts";
import { conditionContract } from "./table/condition.ts";
import { queryContract } from "./table/query.ts";
import { raceContract } from "./table/race.ts";
import { readContract } from "./table/read.ts";
import { transactContract } from "./table/transact.ts";
import { waitingContract } from "./table/waiting.ts";
import { writeContract } from "./table/write.ts";

export interface TableHarness {
  readonly table: Table;
  close(): Promise<void>;
}

/** `make` is called once for the whole suite. */
export function tableContract(name: string, make: () => Promise<TableHarness>): void {
  describe(`table contract: ${name}`, () => {
    let harness: TableHarness | undefined;
    const table = (): Table => {
      if (harness === undefined) throw new Error("a test of the contract uses the table before it was made");
      return harness.table;
    };
    beforeAll(async () => {
      harness = await make();
    });
    afterAll(async () => {
      await harness?.close();
    });

    readContract(table);
    queryContract(table);
    writeContract(table);
    conditionContract(table);
    transactContract(table);
    raceContract(table);
    waitingContract(table);
  });
}
