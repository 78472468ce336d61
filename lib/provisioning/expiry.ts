/** When an item may go: the tables' TTL attribute `expires`. */

const daySeconds = 86_400;

/** So many days after a moment. Units: the moment in milliseconds since 1970, the answer in seconds, as both tables have it. */
export function expiresAfter(at: number, days: number): number {
  return Math.floor(at / 1000) + days * daySeconds;
}
