/** The samples that `discovery-samples.test.ts` and `bulk-samples.test.ts` are about. */
export const discoverySamples = [
  "rfc7643-8.5-service-provider-config",
  "rfc7643-8.6-resource-types",
  "rfc7643-8.7.1-resource-schemas",
  "rfc7643-8.7.2-service-provider-schemas",
] as const;

export const bulkSamples = [
  "rfc7644-3.7.1-bulk-request-circular",
  "rfc7644-3.7.2-bulk-request-user-in-group",
  "rfc7644-3.7.2-bulk-request-enterprise-manager",
  "rfc7644-3.7.3-bulk-request",
  "rfc7644-3.7.3-bulk-response",
  "rfc7644-3.7.4-bulk-too-large",
] as const;

export const playedElsewhere: readonly string[] = [...discoverySamples, ...bulkSamples];
