/** What an application needs to read a tenant's directory, in its own stack: as docs/directory-schema.md shows it. */
import { App, Fn, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { synthesise } from "./template.ts";

const template = synthesise();

describe("the reader policy", () => {
  test("reads the Directory table, whole or by key, and does nothing else", () => {
    const [policy, ...others] = Object.values(template.findResources("AWS::IAM::ManagedPolicy"));
    expect(others).toEqual([]);
    expect(policy?.["Properties"].PolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
        Resource: { "Fn::GetAtt": [expect.stringMatching(/Directory/), "Arn"] },
      },
    ]);
  });

  test("is exported under a name that another stack of the account knows beforehand", () => {
    const { Export } = template.findOutputs("ReaderPolicyArn")["ReaderPolicyArn"] ?? {};
    expect(Export).toEqual({ Name: "rollcall-acme-ReaderPolicyArn" });
    const app = new App();
    const stack = new Stack(app, "Application");
    const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const arn = Fn.importValue("rollcall-acme-ReaderPolicyArn");
    role.addManagedPolicy(ManagedPolicy.fromManagedPolicyArn(stack, "Rollcall", arn));
    Template.fromStack(stack).hasResourceProperties("AWS::IAM::Role", {
      ManagedPolicyArns: [{ "Fn::ImportValue": Export.Name }],
    });
    rmSync(app.outdir, { recursive: true });
  });

  test("is all that is exported: an export that another stack has imported can never change", () => {
    const outputs = Object.entries(template.findOutputs("*")).filter(([, { Export }]) => Export !== undefined);
    expect(outputs.map(([name]) => name)).toEqual(["ReaderPolicyArn"]);
  });
});
