/** The Table port on Amazon's DynamoDB Local. */
import { tableContract } from "../contract/table.ts";
import { newTable } from "./new-table.ts";

tableContract("DynamoDB Local", newTable);
