/**
 * All of one tenant: its own API, functions, lanes, tables and alarms. Nothing is shared with another tenant, so nothing
 * leaks, and a noisy tenant is alone with its noise.
 */
import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { FunctionEnvironment } from "../config.ts";
import { exportName, type StackOutputs, stackName } from "../stack-outputs.ts";
import { Alarms, type AlarmSettings } from "./alarms.ts";
import { Api, type CustomDomain, publicUrl } from "./api.ts";
import { Dashboard } from "./dashboard.ts";
import { Events, type EventSettings, type EventsProps } from "./events.ts";
import { Functions, workerTimeout } from "./functions.ts";
import { Lane } from "./lane.ts";
import { oauthFunction } from "./oauth.ts";
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
  /** Absent: nobody is told what changes in the directory. */
  readonly events?: EventSettings;
  /** Absent: identity providers show static tokens alone. */
  readonly oauth?: object;
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
    const { events: eventSettings, oauth: oauthSettings } = props.settings;
    super(scope, stackName(tenant), {
      description: `Rollcall: SCIM provisioning of ${tenant}`,
      env: environment,
      // For cost allocation; CloudFormation puts it on every resource.
      tags: { "rollcall:tenant": tenant },
      terminationProtection: !ephemeral,
    });

    const tables = new Tables(this, "Tables", {
      ephemeral,
      events: eventSettings !== undefined,
      ...(adopt === undefined ? {} : { adopt }),
    });
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
    const common = { ...logs, tenantPath: props.tenantPath, environment: names };
    const functions = new Functions(this, "Functions", {
      ...common,
      stores: { scim: tables.scim, directory: tables.directory, lanes: [leavers, changes] },
    });
    functions.consume("Leavers", leavers, concurrency.leavers);
    functions.consume("Changes", changes, concurrency.changes);
    const events =
      eventSettings && new Events(this, "Events", { ...common, settings: eventSettings, ...eventSources(tables) });
    const oauth = oauthSettings && oauthFunction(this, tables.scim, common);
    const api = new Api(this, "Api", {
      ...logs,
      handler: functions.api,
      paths: { ...(events && { "/events": events.feed }), ...(oauth && { "/oauth/token": oauth }) },
      ...(domain === undefined ? {} : { domain }),
    });
    const watched = {
      tenant,
      lanes: { Leavers: leavers, Changes: changes },
      functions: {
        Api: functions.api,
        Worker: functions.worker,
        Sweeper: functions.sweeper,
        ...(events && { Publisher: events.publisher, Deliver: events.deliver, Feed: events.feed }),
        ...(oauth && { OAuth: oauth }),
      },
      ...(events && { events }),
      http: api.http,
      ...alarms,
    };
    const { all } = new Alarms(this, "Alarms", watched);
    if (dashboard) {
      new Dashboard(this, "Dashboard", {
        ...watched,
        alarms: all,
        tables: {
          scim: names.SCIM_TABLE,
          directory: names.DIRECTORY_TABLE,
          ...(tables.events && { events: tables.events.tableName }),
        },
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
      ...(events &&
        tables.events && {
          EventsTableName: tables.events.tableName,
          FeedUrl: `${api.url}/events`,
          SinkQueueUrls: events.urls("queue"),
          SinkDeadLetterUrls: events.urls("deadLetters"),
          ...(events.bus && { EventBusName: events.bus.eventBusName }),
        }),
      ...(oauth && { TokenUrl: `${api.url}/oauth/token` }),
    });
    if (api.domainTarget !== undefined) new CfnOutput(this, "DomainTarget", { value: api.domainTarget });
  }
}

/** Errors: for an adopted directory without a stream, which the tenant file is checked for. */
function eventSources({ scim, directory, events }: Tables): Pick<EventsProps, "tables" | "streamArn"> {
  const streamArn = directory.tableStreamArn;
  if (events === undefined || streamArn === undefined) throw new Error("Events are made of a stream of the directory.");
  return { tables: { scim, directory, events }, streamArn };
}

/** What never changes its value: CloudFormation refuses to change an export that another stack has imported. */
const exported: ReadonlySet<string> = new Set<keyof StackOutputs>(["ReaderPolicyArn"]);

function outputs(stack: Stack, values: StackOutputs): void {
  for (const [id, value] of Object.entries({ ...values })) {
    new CfnOutput(stack, id, {
      value,
      ...(exported.has(id) && { exportName: exportName(stack.stackName, id as keyof StackOutputs) }),
    });
  }
}
