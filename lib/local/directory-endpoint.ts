/**
 * An endpoint of DynamoDB for the embedded directory, so that an application can be tried with `npm start` and the client that
 * it has: `new DynamoDBClient({ endpoint, credentials })`, where the access key is a token and the secret key any text. It
 * only reads, and knows one table, whatever its name.
 *
 * Source: the protocol AWS JSON 1.0; signatures are not checked, as the token stands in them.
 */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { DatabaseSync } from "node:sqlite";
import { authenticate, type Door } from "../handlers/authenticate.ts";
import { ScimError } from "../scim/error.ts";
import { answerRead, type ReadRequest, UnknownRead } from "./directory-reads.ts";
import type { Handler } from "./gateway.ts";

/** With the slash that the client adds to an endpoint's path. */
export const directoryPath = "/dynamodb/";

const target = /^DynamoDB_20120810\.(\w+)$/;
const credential = /\bCredential=([^/,\s]+)\//;

export function directoryEndpoint(db: DatabaseSync, door: Door): Handler {
  return async ({ headers, body = "", isBase64Encoded }) => {
    try {
      const [, token = ""] = credential.exec(headers["authorization"] ?? "") ?? [];
      await authenticate(door, `Bearer ${token}`);
      const [, operation = ""] = target.exec(headers["x-amz-target"] ?? "") ?? [];
      const text = isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
      return answer(200, answerRead(db, operation, JSON.parse(text) as ReadRequest));
    } catch (error) {
      if (error instanceof ScimError) {
        const cure = "the access key is to be a token of this server, as npm start prints it";
        return failure("com.amazon.coral.service#UnrecognizedClientException", `${error.message}; ${cure}`);
      }
      if (error instanceof UnknownRead || error instanceof SyntaxError) {
        return failure("com.amazon.coral.validate#ValidationException", error.message);
      }
      throw error;
    }
  };
}

function failure(__type: string, message: string): APIGatewayProxyStructuredResultV2 {
  return answer(400, { __type, message });
}

function answer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { "content-type": "application/x-amz-json-1.0" }, body: JSON.stringify(body) };
}
