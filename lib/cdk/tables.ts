/**
 * The two tables of a tenant: what the identity provider said, and what the application reads.
 *
 * A new stack makes its own. One that is to go on with tables that are there (of a stack that was deleted, or restored from
 * a backup) refers to them and manages nothing of them: `rollcall doctor` looks at what is CloudFormation's otherwise.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, type ITable, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

/** Names of tables in the stack's own account and region. */
export interface AdoptedTables {
  readonly scimTable: string;
  readonly directoryTable: string;
}

export interface TablesProps {
  readonly adopt?: AdoptedTables;
  /** A stack that is thrown away: its tables go with it. For rehearsals alone. */
  readonly ephemeral: boolean;
}

/** One of the stack's own, or one that was adopted. A union: CDK's class is no ITable under exactOptionalPropertyTypes. */
export type TenantTable = Table | ITable;

/** The sparse index of heads that wait for the worker; the sweeper alone reads it. */
export const waitingIndex = "waiting";

export class Tables extends Construct {
  readonly scim: TenantTable;
  readonly directory: TenantTable;

  constructor(scope: Construct, id: string, { adopt, ephemeral }: TablesProps) {
    super(scope, id);
    if (adopt !== undefined) {
      this.scim = Table.fromTableName(this, "Scim", adopt.scimTable);
      this.directory = Table.fromTableName(this, "Directory", adopt.directoryTable);
      return;
    }
    const scim = table(this, "Scim", ephemeral);
    scim.addGlobalSecondaryIndex({
      indexName: waitingIndex,
      partitionKey: { name: "waitKey", type: AttributeType.STRING },
      sortKey: { name: "waitAt", type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ["pendingSince", "reason"],
    });
    this.scim = scim;
    this.directory = table(this, "Directory", ephemeral);
  }
}

/** Names are generated, so that a table that was kept never stands in the way of a new stack: the outputs tell them. */
function table(scope: Construct, id: string, ephemeral: boolean): Table {
  return new Table(scope, id, {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: "expires",
    deletionProtection: !ephemeral,
    removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}
