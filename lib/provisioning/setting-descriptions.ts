/**
 * What editors show for the keys of a tenant file. Apart from the schema that reads it, so that no function loads them.
 *
 * `*` is any name, `[]` an element of a list, `|1` the second of several forms. The attributes of a mapping and those of a
 * schema are described once, wherever else they may stand.
 */
export const settingDescriptions: Readonly<Record<string, string>> = {
  "": "A tenant of Rollcall. The name of the file is the name of the tenant.",
  $schema: "For editors: ./tenant.schema.json",
  "environment.account": "The AWS account that the stack is meant for. Absent: that of the credentials in use.",
  "environment.region": "The AWS region that the stack is deployed to.",
  "domain.name":
    "The domain name of the SCIM base URL; its DNS record has to point to the stack's output DomainTarget.",
  "domain.certificateArn": "A certificate for the name, in AWS Certificate Manager, in the same region.",
  "domain.mutualTls":
    "Callers have to show a client certificate besides their token; the address that the gateway gave ends. Absent: the token is enough.",
  "domain.mutualTls.truststore":
    "The certificates of the authorities whose client certificates are taken, as one PEM file in S3.",
  "domain.mutualTls.version": "The version of that file. Absent: the one that is newest when deployed.",
  adopt: "Tables that are there already: the stack goes on with them and makes none. Absent: it makes its own.",
  "adopt.scimTable": "The name of the Scim table, as the stack's outputs told it or a restore made it.",
  "adopt.directoryTable": "The name of the Directory table, as the stack's outputs told it or a restore made it.",
  "adopt.directoryStreamArn":
    "The ARN of the Directory table's stream (new and old images), which a tenant with events needs; a stream that was switched on again has another one.",
  "adopt.eventsTable": "The name of the Events table. Absent: the stack makes its own, and everybody is told anew.",
  trustsProxy:
    "Locations stand under the address that X-Forwarded-Host and X-Forwarded-Proto name. Only behind a proxy that overwrites both.",
  allowFrom: "IP addresses and ranges that requests may come from. Absent: from anywhere.",
  "mapping.policy": "A user that cannot be mapped: refused with the reason (reject), or accepted and parked (park).",
  "mapping.attributes": "The profile that the application reads: for each of its attributes, how it is made.",
  "mapping.attributes.*.from":
    "Where the value stands in the resource. Of several paths the first that has a value gives it.",
  "mapping.attributes.*.from|0": 'A SCIM attribute path, such as emails[type eq "work"].value',
  "mapping.attributes.*.from|1[]": 'A SCIM attribute path, such as emails[type eq "work"].value',
  "mapping.attributes.*.constant": "The value when no path has one.",
  "mapping.attributes.*.join": "All values of all paths are taken, with this between them.",
  "mapping.attributes.*.trim": "White space at both ends of a text, and of each that is joined, goes.",
  "mapping.attributes.*.case": "A text is put into lower case, or into upper case.",
  "mapping.attributes.*.table": "What each value becomes. Values are compared in any letter case.",
  "mapping.attributes.*.otherwise":
    "What a value that is not in the table becomes. Absent: such a value cannot be used.",
  "mapping.attributes.*.as": "What the value has to become: a date is 2026-11-24, a dateTime 2026-11-24T09:30:00Z.",
  "mapping.attributes.*.required": "Somebody without a value meets the policy: refused, or accepted and parked.",
  "mapping.attributes.*.policy":
    "What somebody meets whose value is missing or cannot be used. Absent: mapping.policy.",
  "mapping.attributes.*.lookup": "The application finds entries by it, in any letter case, in the Directory table.",
  "mapping.attributes.*.fromGroups":
    "A list of roles, from the groups that the user is directly a member of: names in any letter case, * at the end for all that begin so. Every row that fits gives its role.",
  "mapping.resourceTypes":
    "Profiles of groups (Group) and of resource types of the tenant's own, made as those of users are. Absent: a group's displayName and externalId, and a resource as it was sent.",
  "groups.uniqueNames": "No two groups with one displayName, in any case.",
  "groups.unknownMembers": "A member id that does not exist: the request is refused, or the member is left out.",
  events: "Who is told what changes in the directory: the feed, and the sinks named here. Absent: nobody.",
  "events.values": "Events hold the old and new values of attributes. Absent: their names alone.",
  "events.bus": "The stack has an EventBridge bus, and events are put on it.",
  "events.webhooks": "Addresses that events are sent to, by names of your own; signed by Standard Webhooks.",
  "events.webhooks.*.url": "Where to send: https, and an address that is reached from the internet.",
  oauth: "Identity providers may ask for short-lived tokens (OAuth 2.0 client credentials). Absent: they may not.",
  "oauth.tokenMinutes": "How long such a token is good for.",
  "imports.matchBy":
    "By what a POST of the identity provider is recognised as somebody who was imported: that one is taken over instead of a 409.",
  schemas: "Schemas of the tenant's own, as in RFC 7643 section 7.",
  "schemas[].id": "The URN of the schema.",
  "schemas[].attributes[].name": "As it stands in resources, such as serialNumber.",
  "schemas[].attributes[].caseExact":
    "Whether case counts when values are compared. Absent: for references and binaries.",
  "schemas[].attributes[].uniqueness": "server: no two resources of the type have the same value.",
  "schemas[].attributes[].subAttributes": "Of a complex attribute: its parts.",
  extensions: "Which of the schemas extend users and groups, by URN.",
  lookups: "Attributes that filters find users and groups by in constant time, beside those that always are.",
  resourceTypes: "Resource types of the tenant's own.",
  "resourceTypes[].name":
    "The name of the type: its id, meta.resourceType, and the first part of its keys in both tables.",
  "resourceTypes[].endpoint": "Where the resources are, below the base URL.",
  "resourceTypes[].schema": "The URN of its core schema, one of schemas.",
  "lifecycle.rehire":
    "A POST whose userName an inactive user has: refused with 409 (conflict), or that user comes back when externalId is the same (reactivate).",
  "lifecycle.onDelete":
    "A deleted user: the profile goes at once (remove), or stays for some days (retain). No lookup finds it, and the id is never used again.",
  "lifecycle.onDelete|1.days": "For so many days the entry of a deleted user keeps its profile; then it goes.",
  "evidence.days": "How long is kept what was changed, and who was asked for, refused or renamed, in days.",
  "leavers.limitMinutes": "A deactivation is to be seen by the application within so many minutes; later is a breach.",
  "leavers.brake.windowMinutes": "Over how long leavers are counted, in minutes.",
  "leavers.brake.people": "The brake trips when more people leave within the window.",
  "leavers.brake.percent": "The brake trips when more of a hundred people leave within the window, and at least ten.",
  "leavers.brake.action":
    "A mass deactivation: only told (alarm), or whoever leaves after that is parked until `rollcall brake allow` or `reject` (hold).",
  logRetentionDays: "How long CloudWatch keeps the logs, in days.",
  "alarms.pendingMinutes": "The alarm rings when a change waits for longer than so many minutes.",
  "alarms.topicArn": "The SNS topic that the alarms tell. Absent: the alarms are only to be seen in CloudWatch.",
  "alarms.email": "Whom the alarms tell by e-mail; each has to confirm the mail that AWS sends first.",
  "alarms.runbookUrl": "The address at which your operators read docs/operating.md: alarms and dashboard link there.",
  dashboard: "A dashboard in CloudWatch: three are free in an account, each further one costs 3 dollars a month.",
};
