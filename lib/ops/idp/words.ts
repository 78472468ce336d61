/** What an identity provider calls its own things, so that advice can be followed without a dictionary. */

/** The choice that leads there, and the fields behind it. */
export interface OAuthWords {
  readonly choice: string;
  readonly tokenUrlField: string;
  readonly clientIdField: string;
  readonly secretField: string;
}

export interface IdpWords {
  /** As it stands on tokens and in the log: `entra`. */
  readonly name: string;
  /** As people say it: `Microsoft Entra ID`. */
  readonly title: string;
  /** Where provisioning is set up there. */
  readonly place: string;
  /** The field that takes the SCIM base URL, and the one that takes the token. */
  readonly baseUrlField: string;
  readonly tokenField: string;
  /** Where it takes an OAuth client (client credentials) in place of a token; absent: nowhere that is known. */
  readonly oauth?: OAuthWords;
  /** Further fields that must be filled or chosen. */
  readonly otherFields: readonly string[];
  readonly testConnection: string;
  /** Where provisioning itself is switched on. */
  readonly switchOn: string;
  /** The rest of these are sentences or halves of sentences that tell an administrator what to do or to expect. */
  readonly assign: string;
  readonly forceOneUser: string;
  readonly forceAll: string;
  readonly deprovisioning: string;
  /** What arrives here when somebody is taken off the application, disabled, deleted. */
  readonly unassigned: string;
  readonly disabled: string;
  readonly deleted: string;
  readonly rhythm: string;
  /** How often it calls when nothing is wrong; absent where changes come at once or nobody knows. */
  readonly cycleMinutes?: number;
  /** When it tries a failed one again. */
  readonly retries: string;
  readonly matching: string;
  /** How groups come to be sent. */
  readonly groups: string;
  /** Switches that are usually forgotten, each with what follows from it. */
  readonly forgotten: readonly string[];
  /** What the provider's own support, or ours, wants to see from its side. */
  readonly evidence: string;
  /** Where its attributes usually come from, by the SCIM path that it sends them as, in lower case. */
  readonly sources: Readonly<Record<string, string>>;
  /** The page about it in the project. */
  readonly page: string;
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:";

/** `sources` with the long names of the enterprise extension made from short ones, which begin with `+`. */
export function sourcesOf(short: Readonly<Record<string, string>>): IdpWords["sources"] {
  return Object.fromEntries(
    Object.entries(short).map(([path, source]) => [path.replace("+", enterprise).toLowerCase(), source]),
  );
}
