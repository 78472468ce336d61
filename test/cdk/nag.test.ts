/** cdk-nag's AwsSolutions rules. `npm run synth` holds every tenant against them; here a fault is seen at once. */
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, expect, test } from "vitest";
import { acme, eventful, removeFolder } from "./template.ts";

const topicArn = "arn:aws:sns:eu-central-1:111122223333:on-call";
const stack = acme({ ...eventful, alarms: { pendingMinutes: 15, topicArn, email: ["on-call@example.com"] } });
afterAll(() => removeFolder(stack));

test("the stack has no fault but those that are acknowledged beside what they are about", () => {
  expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
});

test("these are acknowledged, each with its reason", () => {
  const acknowledged = stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.flatMap(({ type, data }): { at: string; id: string; reason: string }[] =>
        type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY
          ? Object.entries<string>(data).map(([id, reason]) => ({ at: node.path, id, reason }))
          : [],
      ),
    );
  expect(acknowledged.map(({ at, id }) => `${at} ${id.split("::").at(-1)}`)).toEqual([
    "rollcall-acme/Api/Http AwsSolutions-APIG4",
  ]);
  expect(acknowledged.map(({ reason }) => reason)).toEqual([expect.stringContaining("(R120)")]);
});
