/** The two tables of a tenant: what the identity provider said, and what the application reads. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

export interface TablesProps {
  /** A stack that is thrown away: its tables go with it. For rehearsals alone. */
  readonly ephemeral: boolean;
}

/** The sparse index of heads that wait for the worker; the sweeper alone reads it. */
export const waitingIndex = "waiting";

export class Tables extends Construct {
  readonly scim: Table;
  readonly directory: Table;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.scim = table(this, "Scim", props);
    this.directory = table(this, "Directory", props);
    this.scim.addGlobalSecondaryIndex({
      indexName: waitingIndex,
      partitionKey: { name: "waitKey", type: AttributeType.STRING },
      sortKey: { name: "waitAt", type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ["pendingSince", "reason"],
    });
  }
}

/** Names are generated, so that a table that was kept never stands in the way of a new stack: the outputs tell them. */
function table(scope: Construct, id: string, { ephemeral }: TablesProps): Table {
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
