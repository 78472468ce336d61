/** Where identity providers ask for tokens: a function of its own, so that the others do not load what verifies signatures. */
import { Duration } from "aws-cdk-lib";
import type { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";
import { type CommonProps, lambdaFunction } from "./lambda-function.ts";
import { oauthRights } from "./rights.ts";
import type { TenantTable } from "./tables.ts";

export function oauthFunction(scope: Construct, scim: TenantTable, common: CommonProps): NodejsFunction {
  return lambdaFunction(scope, "OAuth", common, {
    entry: "oauth",
    description: "Rollcall: gives tokens to identity providers",
    memorySize: 512,
    timeout: Duration.seconds(10),
    rights: oauthRights(scim),
  });
}
