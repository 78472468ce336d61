/**
 * The User schema.
 *
 * Source: RFC 7643 sections 4.1 and 8.7.1. `addresses.primary` stands in section 2.4 alone; identity providers send it.
 */
import type { Schema } from "../schema.ts";
import { attribute, complex, primary, valueList } from "./attribute.ts";

const external = { type: "reference", referenceTypes: ["external"] } as const;
const readOnly = { mutability: "readOnly" } as const;

const name = complex("name", "The parts of the person's name.", [
  attribute("formatted", "The whole name as it is shown, with titles and suffixes."),
  attribute("familyName", "The family name, or last name."),
  attribute("givenName", "The given name, or first name."),
  attribute("middleName", "The middle names."),
  attribute("honorificPrefix", "What stands before the name, such as a title."),
  attribute("honorificSuffix", "What stands after the name, such as Jr."),
]);

const addresses = complex(
  "addresses",
  "Postal addresses.",
  [
    attribute("formatted", "The whole address as it is printed on a label; may hold line breaks."),
    attribute("streetAddress", "Street, house number, post box; may hold line breaks."),
    attribute("locality", "City or town."),
    attribute("region", "State, province or region."),
    attribute("postalCode", "Postal code."),
    attribute("country", "Country, as ISO 3166-1 alpha-2 code."),
    attribute("type", "What the address is for.", { canonicalValues: ["work", "home", "other"] }),
    primary,
  ],
  { multiValued: true },
);

const groups = complex(
  "groups",
  "The groups that the user is a member of; they change through the groups.",
  [
    attribute("value", "The id of the group.", { ...readOnly, caseExact: true, referenceTypes: ["Group"] }),
    attribute("$ref", "The URI of the group.", {
      ...readOnly,
      type: "reference",
      caseExact: true,
      referenceTypes: ["Group"],
    }),
    attribute("display", "The displayName of the group.", readOnly),
    attribute("type", "How the membership came about.", { ...readOnly, canonicalValues: ["direct", "indirect"] }),
  ],
  { multiValued: true, ...readOnly },
);

export const userSchema: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  description: "A person's account",
  attributes: [
    attribute("userName", "The name that the user signs in with; no two users have the same.", {
      required: true,
      uniqueness: "server",
    }),
    name,
    attribute("displayName", "The name that is shown for the user."),
    attribute("nickName", "What the person is called in everyday life."),
    attribute("profileUrl", "The address of a page about the user.", external),
    attribute("title", "Job title, such as Vice President."),
    attribute("userType", "How the user relates to the organisation, such as Contractor or Employee."),
    attribute("preferredLanguage", "The languages that the user prefers, as in an Accept-Language header."),
    attribute("locale", "Where the user is at home, for dates, numbers and currency, such as en-US."),
    attribute("timezone", "Time zone, as a name of the IANA database such as Europe/Berlin."),
    attribute("active", "Whether the user may sign in.", { type: "boolean" }),
    attribute("password", "A password; taken and thrown away, it is never kept.", {
      mutability: "writeOnly",
      returned: "never",
      caseExact: true,
    }),
    valueList("emails", "E-mail addresses.", attribute("value", "The address."), ["work", "home", "other"]),
    valueList("phoneNumbers", "Telephone numbers, kept as they are sent.", attribute("value", "The number."), [
      "work",
      "home",
      "mobile",
      "fax",
      "pager",
      "other",
    ]),
    valueList("ims", "Addresses for instant messages.", attribute("value", "The address."), [
      "aim",
      "gtalk",
      "icq",
      "xmpp",
      "msn",
      "skype",
      "qq",
      "yahoo",
    ]),
    valueList("photos", "Addresses of pictures of the user.", attribute("value", "The address.", external), [
      "photo",
      "thumbnail",
    ]),
    addresses,
    groups,
    valueList("entitlements", "What the user is entitled to.", attribute("value", "The entitlement.")),
    valueList("roles", "The user's roles.", attribute("value", "The role.")),
    valueList(
      "x509Certificates",
      "The user's certificates.",
      attribute("value", "A DER certificate in base64.", { type: "binary" }),
    ),
  ],
};
