/**
 * The words of the identity providers that share one page, and those for a caller who could be any. Source:
 * docs/other-idps.md; where that says nothing, the sentence stays general.
 */
import { type IdpWords, sourcesOf } from "./words.ts";

export const unknown: IdpWords = {
  name: "unknown",
  title: "the identity provider",
  place: "the application's provisioning settings (SCIM 2.0)",
  baseUrlField: "SCIM base URL",
  tokenField: "bearer token",
  otherFields: ["Unique identifier, or matching attribute: userName"],
  testConnection: "its connection test, if it has one",
  switchOn: "its switch for provisioning, which is not the one for single sign-on",
  assign: "assign the person to the application, directly or by a group that is in scope",
  forceOneUser: "its way to send one person again: take the assignment away and assign again, where there is no other",
  forceAll: "its full synchronisation",
  deprovisioning: "its setting for users who are deactivated, deleted or taken off the application",
  unassigned: "active: false or a DELETE, if deprovisioning is switched on there; otherwise nothing",
  disabled: "active: false, if deprovisioning is switched on there; otherwise nothing",
  deleted: "active: false or a DELETE, if deprovisioning is switched on there; otherwise nothing",
  rhythm: "not known",
  retries: "not known: look at its log of provisioning",
  matching: "userName, or externalId; groups by displayName",
  groups: "its setting for sending groups, which is often a switch of its own",
  forgotten: [
    "Provisioning is a switch of its own, beside single sign-on.",
    "Deactivation of users is often a switch of its own: without it leavers stay active.",
    "Groups are often a switch of their own.",
    "Only who is assigned to the application is sent.",
  ],
  evidence: "its log of provisioning for the person, with the error text and the time",
  sources: sourcesOf({}),
  page: "docs/other-idps.md",
};

const onelogin: IdpWords = {
  ...unknown,
  name: "onelogin",
  title: "OneLogin",
  place: "OneLogin admin → Applications → SCIM Provisioner with SAML (SCIM v2 Enterprise) → Configuration",
  baseUrlField: "SCIM Base URL",
  tokenField: "SCIM Bearer Token",
  otherFields: ["SCIM JSON Template: the body of each user; what you write there is what arrives"],
  testConnection: "API Connection → Enable",
  switchOn: "Provisioning → Enable provisioning",
  assign: "Users → the person → Applications, or a role that has the application",
  forceOneUser: "Users → the person → Applications → Retry",
  forceAll: "the application → More actions → Reapply entitlement mappings",
  deprovisioning: "Provisioning → what to do when a user is deleted: Suspend or Delete",
  retries: "by hand: Users → the person → Applications → Retry",
  groups: "group rules under Rules",
  forgotten: [
    "The Provisioning page holds creates, updates and deletes for an administrator's approval unless each is unticked.",
    "What to do with a deleted user is Delete, Suspend or nothing: with nothing, leavers stay active.",
    "Groups are sent only by rules, written under Rules.",
    "What is not in the SCIM JSON Template does not arrive.",
  ],
  evidence: "Users → the person → Applications: the row that says Failed, with its text",
};

const jumpcloud: IdpWords = {
  ...unknown,
  name: "jumpcloud",
  title: "JumpCloud",
  place: "JumpCloud admin → SSO Applications → Custom Application → Identity Management → SCIM 2.0",
  baseUrlField: "Base URL",
  tokenField: "Token Key",
  otherFields: ["Test user's e-mail: of somebody who is not here already"],
  testConnection: "Test Connection, then Activate: it plays a whole life of the test user",
  switchOn: "Activate",
  assign: "bind a user group of theirs to the application",
  groups: "Enable management of User Groups and Group Membership, then bind the groups",
  forgotten: [
    "Enable management of User Groups and Group Membership: without it no group is sent.",
    "Groups and users must be bound to the application.",
    "The test user must not exist here already, or nothing is activated.",
  ],
  evidence: "Directory Insights, with the person: create, update, deprovision, delete or lookup, and its text",
};

const google: IdpWords = {
  ...unknown,
  name: "google",
  title: "Google Workspace",
  place: "Google Admin console → Apps → Web and mobile apps → the app → Autoprovisioning",
  baseUrlField: "endpoint URL",
  tokenField: "access token",
  otherFields: ["Attribute mapping, and the scope by group"],
  switchOn: "Autoprovisioning: on",
  assign:
    "switch the application on for the person's organisational unit or group, within the scope of autoprovisioning",
  deprovisioning:
    "Autoprovisioning → Deprovisioning: three switches (app turned off, suspended, deleted), each with a delay",
  unassigned: "active: false or a DELETE, after the delay of the switch for an app that is turned off",
  disabled: "active: false or a DELETE, after the delay of the switch for suspended users",
  deleted: "active: false or a DELETE, after the delay of the switch for deleted users",
  groups: "people are sent, groups are not, to most applications",
  forgotten: [
    "Deprovisioning has three switches, each with a delay: app turned off, suspended, deleted.",
    "The scope by group leaves everybody else out.",
    "Groups are not sent.",
  ],
  evidence: "Reporting → Audit and investigation → Admin log events, for the application and the person",
};

const ping: IdpWords = {
  ...unknown,
  name: "ping",
  title: "Ping",
  place: "PingOne: Integrations → Provisioning → New connection → SCIM outbound (PingFederate: the SCIM connector)",
  baseUrlField: "SCIM connection URL",
  tokenField: "Authentication OAuth 2 Bearer Token",
  oauth: {
    choice: "Authentication Method: OAuth 2 Client Credentials",
    tokenUrlField: "OAuth Token Request",
    clientIdField: "OAuth Client ID",
    secretField: "OAuth Client Secret",
  },
  otherFields: [
    "SCIM version 2.0; users resource /Users, groups resource /Groups",
    "Unique identifier: userName",
    'Filter expression: userName eq "%s"',
  ],
  testConnection: "Test connection",
  switchOn: "the connection, and a rule that says whom it is for",
  assign: "let the person fit the filter of the provisioning rule",
  deprovisioning: "Remove action: disable or delete, with deprovision on rule deletion and user removal",
  forgotten: [
    "Remove action (disable or delete) decides what becomes of a leaver.",
    "The filter expression must ask for the unique identifier, also when that was changed.",
  ],
};

const sailpoint: IdpWords = {
  ...unknown,
  name: "sailpoint",
  title: "SailPoint",
  place: "SailPoint → Connections → Sources → a source of type SCIM 2.0",
  baseUrlField: "Host URL (base URL)",
  tokenField: "API token",
  otherFields: ["Correlation: by userName or externalId"],
  testConnection: "Test connection, which reads /ServiceProviderConfig",
  switchOn: "an access profile or role that grants the source",
  assign: "grant the person an access profile or role with an entitlement of the source",
  forceOneUser: "request the access again, or refresh the identity, then aggregate",
  forceAll: "aggregate accounts and entitlements again",
  deprovisioning: "the life cycle state that disables or deletes accounts of this source",
  groups: "groups are entitlements: aggregate entitlements",
  forgotten: [
    "Discover schema again after the tenant file's attributes changed.",
    "A correlation by userName or externalId, or accounts belong to nobody.",
    "The life cycle state of leavers must disable the accounts of this source.",
  ],
  evidence: "Search → Account activity, for the person: the operation and its error text",
};

const authentik: IdpWords = {
  ...unknown,
  name: "authentik",
  title: "authentik",
  place: "authentik admin → Applications → Providers → SCIM Provider",
  baseUrlField: "URL",
  tokenField: "Token",
  otherFields: ["User property mappings and group property mappings"],
  testConnection: "Run sync again, on the provider's page",
  switchOn: "the application → Backchannel providers: add the SCIM provider",
  assign: "let the person be in the filter group, if there is one, and in the application's policy bindings",
  forceOneUser: "the provider's page → Sync single user, where it has that; otherwise Run sync again",
  forceAll: "the provider's page → Run sync again",
  forgotten: [
    "The provider must be added as a backchannel provider of the application, or nothing is sent.",
    "The property mappings of users and of groups.",
    "A filter group leaves everybody else out.",
  ],
  evidence: "the provider's page: the task of the synchronisation, with its text",
};

export const others: readonly IdpWords[] = [onelogin, jumpcloud, google, ping, sailpoint, authentik];
