/**
 * The HTTP API: every request goes to a function, so that the gateway never answers in words of its own (R91, R120).
 *
 * The access log has no path and no query string: filters hold e-mail addresses (R122).
 */
import { Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
  type MTLSConfig,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { log, type LogProps } from "./log.ts";

export interface ApiProps extends LogProps {
  readonly handler: IFunction;
  /** Which have a function of their own; by the path. */
  readonly paths: Readonly<Record<string, IFunction>>;
  readonly domain?: CustomDomain;
}

export interface CustomDomain {
  readonly name: string;
  /** Of AWS Certificate Manager, in the stack's region. */
  readonly certificateArn: string;
  readonly mutualTls?: MutualTls;
}

/** Callers show a client certificate of an authority in the truststore, before they may show a token. */
export interface MutualTls {
  /** `s3://bucket/key` of a PEM file. */
  readonly truststore: string;
  /** Absent: the newest when it is deployed. */
  readonly version?: string;
}

/** Far above what an identity provider sends (Entra: five requests at once), far below what an attack could cost. */
const throttle = { rateLimit: 500, burstLimit: 500 };

export class Api extends Construct {
  readonly http: HttpApi;
  /** Without `/scim/v2`. */
  readonly url: string;
  /** What the DNS record of the custom domain has to point to. */
  readonly domainTarget?: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.http = new HttpApi(this, "Http", {
      createDefaultStage: false,
      // Whoever knows the gateway's own address would get around the certificates; without them it goes on, as an identity
      // provider may have been given it before there was a domain.
      disableExecuteApiEndpoint: props.domain?.mutualTls !== undefined,
      defaultIntegration: new HttpLambdaIntegration("Handler", props.handler),
    });
    for (const [path, handler] of Object.entries(props.paths)) {
      // Every method, as above.
      this.http.addRoutes({
        path,
        integration: new HttpLambdaIntegration(path.slice(1).replaceAll("/", "-"), handler),
      });
    }
    Validations.of(this.http).acknowledge({
      id: "AwsSolutions-APIG4",
      reason:
        "The function checks the bearer token of each request: an authorizer of the gateway would answer in JSON of its own, which is no SCIM error (R120).",
    });
    const domain = props.domain && domainName(this, props.domain);
    new HttpStage(this, "Stage", {
      httpApi: this.http,
      stageName: "$default",
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log(this, "AccessLog", props)),
        format: accessLogFormat(),
      },
      ...(domain === undefined ? {} : { domainMapping: { domainName: domain } }),
    });
    this.url = props.domain === undefined ? this.http.apiEndpoint : publicUrl(props.domain);
    if (domain !== undefined) this.domainTarget = domain.regionalDomainName;
  }
}

export function publicUrl(domain: CustomDomain): string {
  return `https://${domain.name}`;
}

function domainName(scope: Construct, { name, certificateArn, mutualTls }: CustomDomain): DomainName {
  return new DomainName(scope, "Domain", {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, "Certificate", certificateArn),
    securityPolicy: SecurityPolicy.TLS_1_2,
    ...(mutualTls === undefined ? {} : { mtls: truststore(scope, mutualTls) }),
  });
}

function truststore(scope: Construct, { truststore: url, version }: MutualTls): MTLSConfig {
  const [bucket = "", ...key] = url.slice("s3://".length).split("/");
  return {
    bucket: Bucket.fromBucketName(scope, "Truststore", bucket),
    key: key.join("/"),
    ...(version === undefined ? {} : { version }),
  };
}

function accessLogFormat(): AccessLogFormat {
  const fields = {
    requestId: "$context.requestId",
    time: "$context.requestTimeEpoch",
    method: "$context.httpMethod",
    route: "$context.routeKey",
    status: "$context.status",
    latencyMs: "$context.responseLatency",
    functionLatencyMs: "$context.integrationLatency",
    functionRequestId: "$context.integration.requestId",
    responseBytes: "$context.responseLength",
    error: "$context.integrationErrorMessage",
  };
  return AccessLogFormat.custom(JSON.stringify(fields));
}
