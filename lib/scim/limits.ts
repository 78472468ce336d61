/**
 * How much a request may hold. Each limit is named in the error of whoever exceeds it, and in docs/protocol.md.
 */
export const limits = {
  /** What a list without `count` gives, and what it gives at most. Units: resources. */
  pageSize: 100,
  pageSizeMost: 1_000,
  filterCharacters: 8_192,
  /** Levels of brackets in a filter; each is a level of calls. */
  filterDepth: 32,
  patchOperations: 1_000,
  bulkOperations: 1_000,
  /** Of a whole bulk request: 1 MiB. Units: bytes. */
  bulkBytes: 1_048_576,
  /** Far above a URN with a value path of two or three terms. Units: characters. */
  patchPathCharacters: 1_024,
  /** Comparisons that the value paths of one PATCH may cost: terms of the filter times values of the attribute, added up. Measured: under a second. */
  patchComparisons: 1_000_000,
  /** Headroom below DynamoDB's 400 KB for an item; members of a group are not meant. Units: bytes. */
  resourceBytes: 180_000,
  /** Members named in one request that are checked at once; beyond, the worker checks each as it walks, and what it drops is in the log (D8). */
  membersChecked: 1_000,
  /** A user that is in more groups shows so many of them. */
  groupsShown: 500,
  /** Values of one multi-valued attribute. Members of a group are not meant: they are kept apart. */
  valuesPerAttribute: 1_000,
  /** A filter that quietly missed a value would make duplicates, so a resource with more is refused. */
  valuesPerLookup: 20,
  lookupsPerResource: 40,
  /** Of a claimed or looked-up value, which is part of a key: DynamoDB takes 2,048 for the whole key. Units: UTF-8 bytes. */
  indexedValueBytes: 1_024,
  /** What Lambda's 6 MB leave once the gateway has written the body in base64. Units: bytes. */
  bodyBytes: 4_400_000,
  /** Below the 6 MB (1,048,576 bytes each) that Lambda answers with, its own JSON wrapping included; in gzip if the client takes it. Units: bytes. */
  answerBytes: 6_200_000,
  /** Levels of objects and lists in a body; SCIM needs four. */
  bodyDepth: 64,
  /** Names in `attributes` or `excludedAttributes`. */
  projectedNames: 500,
  /** Ignored attributes that are noted for one request, and how much of each name. */
  ignoredNoted: 100,
  ignoredCharacters: 256,
} as const;
