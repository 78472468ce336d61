/** The races on Amazon's DynamoDB Local. It never answers TransactionConflict, so that is injected in the simulation. */
import { racesContract } from "../contract/races.ts";
import { newTable } from "./new-table.ts";

racesContract("DynamoDB Local", newTable);
