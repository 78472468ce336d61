import { formatSuite } from "../formats/suite.ts";
import { openedFile } from "../formats/sqlite-file.ts";
import { newTable } from "./new-table.ts";
import { eachOf } from "../../lib/provisioning/in-parallel.ts";

formatSuite("DynamoDB Local", async (fixture) => {
  const store = await newTable();
  const { table } = store;
  await eachOf(fixture.items, 8, async ({ attributes, ...key }) => await table.write({ kind: "put", key, attributes }));
  const messages = openedFile(fixture, "messages");
  return {
    table,
    db: messages.db,
    close: async () => {
      messages.close();
      await store.close();
    },
  };
});
