/** Ranges of IP addresses as people write them: one address, or a CIDR block (RFC 4632; RFC 4291 section 2.3). */

export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  /** Leading bits that have to be the same; all of them for one address. */
  readonly bits: number;
}

const octet = "(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])";
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Undefined for what is none. Bits behind the block's own are passed over, as AWS does. */
export function addressRange(text: string): AddressRange | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const family = ipv4.test(address) ? "ipv4" : isIpv6(address) ? "ipv6" : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const most = family === "ipv4" ? 32 : 128;
  if (length === undefined) return { family, address, bits: most };
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? { family, address, bits: Number(length) } : undefined;
}

/** A URL takes in brackets what is one, and nothing else. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}
