/** Where clients get their access tokens, by where they are shown: beside the SCIM base URL, on the same host. */
export function tokenUrlOf(baseUrl: string): string {
  return baseUrl.replace(/\/scim\/v2\/?$/, "/oauth/token");
}
