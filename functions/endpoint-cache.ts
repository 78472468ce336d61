/**
 * DynamoDB has one endpoint a region; nothing is discovered, so nothing is to be remembered of it.
 *
 * The bundles have this in place of `@aws-sdk/endpoint-cache` (lib/cdk/bundling.ts), which the client makes but asks only
 * when endpoint discovery is switched on: 7 kB that a cold start would load.
 */

/** Errors: when it is asked, which needs `endpointDiscoveryEnabled`. */
export function EndpointCache(): { getEndpoint: () => never; get: () => never } {
  const refuse = (): never => {
    throw new Error("Endpoint discovery is switched on; take AWS_ENABLE_ENDPOINT_DISCOVERY out of the environment.");
  };
  return { getEndpoint: refuse, get: refuse };
}
