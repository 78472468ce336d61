/**
 * The tables of a tenant: what the identity provider said, what the application reads, and, for a tenant with `events`, what was
 * told of it.
 *
 * A new stack makes its own. One that is to go on with tables that are there (of a stack that was deleted, or restored from
 * a backup) refers to them and manages nothing of them: `rollcall doctor` looks at what is CloudFormation's otherwise.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

/** Names of tables in the stack's own account and region. */
export interface AdoptedTables {
  readonly scimTable: string;
  readonly directoryTable: string;
  /** Of the directoryTable; for a tenant with events. */
  readonly directoryStreamArn?: string;
  /** Absent: the stack makes its own where it needs one. */
  readonly eventsTable?: string;
}

export interface TablesProps {
  readonly adopt?: AdoptedTables;
  /** The Directory table has a stream, and there is an Events table. */
  readonly events: boolean;
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
  readonly events?: TenantTable;

  constructor(scope: Construct, id: string, { adopt, events, ephemeral }: TablesProps) {
    super(scope, id);
    if (events) {
      const kept = adopt?.eventsTable;
      this.events = kept === undefined ? table(this, "Events", ephemeral) : Table.fromTableName(this, "Events", kept);
    }
    if (adopt !== undefined) {
      const { scimTable, directoryTable: tableName, directoryStreamArn: tableStreamArn } = adopt;
      this.scim = Table.fromTableName(this, "Scim", scimTable);
      this.directory = Table.fromTableAttributes(this, "Directory", {
        tableName,
        ...(tableStreamArn !== undefined && { tableStreamArn }),
      });
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
    this.directory = table(this, "Directory", ephemeral, events ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {});
  }
}

/** Names are generated, so that a table that was kept never stands in the way of a new stack: the outputs tell them. */
function table(
  scope: Construct,
  id: string,
  ephemeral: boolean,
  options: { readonly stream?: StreamViewType } = {},
): Table {
  return new Table(scope, id, {
    ...options,
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: "expires",
    deletionProtection: !ephemeral,
    removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}
