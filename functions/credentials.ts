/**
 * Lambda hands a function its credentials in the environment, good for as long as the function lives.
 *
 * The bundles have this in place of `@aws-sdk/credential-provider-node` (lib/cdk/bundling.ts), whose search through
 * profiles, SSO and metadata servers is a quarter of the code that a cold start would load.
 */

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Errors: when the environment has none, which Lambda never lets happen. */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    const sessionToken = process.env["AWS_SESSION_TOKEN"];
    if (!accessKeyId || !secretAccessKey) throw new Error("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is missing.");
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  };
}
