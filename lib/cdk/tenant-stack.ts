/**
 * All of one tenant: its own API, functions, lanes, tables and alarms. Nothing is shared with another tenant, so nothing
 * leaks, and a noisy tenant is alone with its noise.
 */
import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { FunctionEnvironment } from "../config.ts";
import { type StackOutputs, stackName } from "../stack-outputs.ts";
import { Alarms, type AlarmSettings } from "./alarms.ts";
import { Api, type CustomDomain, publicUrl } from "./api.ts";
import { Dashboard } from "./dashboard.ts";
import { Functions, workerTimeout } from "./functions.ts";
import { Lane } from "./lane.ts";
import { readerPolicy } from "./reader-policy.ts";
import { type AdoptedTables, Tables } from "./tables.ts";

/** What a tenant's file says about its deployment. */
export interface DeploymentSettings {
  /** Without an account: the one that the deployer's credentials belong to. */
  readonly environment: { readonly account?: string; readonly region: string };
  readonly domain?: CustomDomain;
  /** Absent: the stack makes tables of its own. */
  readonly adopt?: AdoptedTables;
  readonly logRetentionDays: number;
  readonly leavers: { readonly limitMinutes: number };
  readonly alarms: AlarmSettings;
  readonly dashboard: boolean;
}

export interface TenantStackProps {
  readonly tenant: string;
  readonly settings: DeploymentSettings;
  /** Of this release. */
  readonly version: string;
  /** The tenant file, which is bundled with each function. */
  readonly tenantPath: string;
  readonly tenantHash: string;
  /** A stack that is thrown away with all its data. For rehearsals alone. */
  readonly ephemeral?: boolean;
}

/** Batches at once. An identity provider's first cycle is many changes; a leaver must not wait behind them. */
const concurrency = { leavers: 10, changes: 20 };

export class TenantStack extends Stack {
  constructor(scope: Construct, props: TenantStackProps) {
    const { tenant, ephemeral = false } = props;
    const { environment, domain, adopt, logRetentionDays, leavers: clock, alarms, dashboard } = props.settings;
    super(scope, stackName(tenant), {
      description: `Rollcall: SCIM provisioning of ${tenant}`,
      env: environment,
      // For cost allocation; CloudFormation puts it on every resource.
      tags: { "rollcall:tenant": tenant },
      terminationProtection: !ephemeral,
    });

    const tables = new Tables(this, "Tables", { ephemeral, ...(adopt === undefined ? {} : { adopt }) });
    const leavers = new Lane(this, "Leavers", { workerTimeout });
    const changes = new Lane(this, "Changes", { workerTimeout });
    const names: FunctionEnvironment = {
      ROLLCALL_TENANT: tenant,
      SCIM_TABLE: tables.scim.tableName,
      DIRECTORY_TABLE: tables.directory.tableName,
      LEAVERS_QUEUE_URL: leavers.queue.queueUrl,
      LEAVERS_DEAD_LETTER_URL: leavers.deadLetters.queueUrl,
      CHANGES_QUEUE_URL: changes.queue.queueUrl,
      CHANGES_DEAD_LETTER_URL: changes.deadLetters.queueUrl,
      TENANT_HASH: props.tenantHash,
      ...(domain === undefined ? {} : { ROLLCALL_PUBLIC_URL: publicUrl(domain) }),
    };
    const logs = { logRetentionDays, ephemeral };
    const functions = new Functions(this, "Functions", {
      ...logs,
      tenantPath: props.tenantPath,
      environment: names,
      stores: { scim: tables.scim, directory: tables.directory, lanes: [leavers, changes] },
    });
    functions.consume("Leavers", leavers, concurrency.leavers);
    functions.consume("Changes", changes, concurrency.changes);
    const api = new Api(this, "Api", { ...logs, handler: functions.api, ...(domain === undefined ? {} : { domain }) });
    const watched = {
      tenant,
      lanes: { Leavers: leavers, Changes: changes },
      functions: { Api: functions.api, Worker: functions.worker, Sweeper: functions.sweeper },
      http: api.http,
      ...alarms,
    };
    const { all } = new Alarms(this, "Alarms", watched);
    if (dashboard) {
      new Dashboard(this, "Dashboard", {
        ...watched,
        alarms: all,
        tables: { scim: names.SCIM_TABLE, directory: names.DIRECTORY_TABLE },
        leaversLimitMinutes: clock.limitMinutes,
      });
    }
    outputs(this, {
      ScimBaseUrl: `${api.url}/scim/v2`,
      ScimTableName: names.SCIM_TABLE,
      DirectoryTableName: names.DIRECTORY_TABLE,
      LeaversQueueUrl: names.LEAVERS_QUEUE_URL,
      LeaversDeadLetterUrl: names.LEAVERS_DEAD_LETTER_URL,
      ChangesQueueUrl: names.CHANGES_QUEUE_URL,
      ChangesDeadLetterUrl: names.CHANGES_DEAD_LETTER_URL,
      TenantHash: names.TENANT_HASH,
      RollcallVersion: props.version,
      ReaderPolicyArn: readerPolicy(this, "Reader", tenant, tables.directory).managedPolicyArn,
    });
    if (api.domainTarget !== undefined) new CfnOutput(this, "DomainTarget", { value: api.domainTarget });
  }
}

function outputs(stack: Stack, values: StackOutputs): void {
  for (const [id, value] of Object.entries({ ...values })) new CfnOutput(stack, id, { value });
}
