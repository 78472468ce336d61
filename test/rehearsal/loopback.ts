/**
 * The emulated gateway tells its APIs apart by names such as `<api id>.execute-api.localhost`. Every name under
 * `localhost` is this machine (RFC 6761 section 6.3), but not every system's resolver knows that.
 */
import dns, { type LookupAddress, type LookupOptions } from "node:dns";

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const lookup = dns.lookup.bind(dns) as (name: string, options: LookupOptions, answer: Answer) => void;

/** From now on in this process. */
export function namesUnderLocalhostAreHere(): void {
  Object.assign(dns, { lookup: lookupHere });
}

function lookupHere(name: string, options: LookupOptions, answer: Answer): void {
  if (!name.endsWith(".localhost")) lookup(name, options, answer);
  else if (options.all === true) answer(null, [{ address: "127.0.0.1", family: 4 }]);
  else answer(null, "127.0.0.1", 4);
}
