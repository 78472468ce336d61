/** How an identity provider gets another token: where it is pasted, and the command that makes it. */
import { idpNames, idpWords } from "./idp.ts";

/** Behind "paste it into": `Microsoft Entra ID (Secret Token)` */
export function tokenPlace(idp: string | undefined): string {
  const { title, tokenField } = idpWords(idp);
  return isKnown(idp) ? `${title} (${tokenField})` : `${title}, as its bearer token`;
}

/** `connect` has something to say of an identity provider that it knows; of another, a token is all that is missing. */
export function newTokenCommand(idp: string | undefined): string {
  return isKnown(idp) ? `connect ${idp}` : "token create --label production";
}

/** The same of an OAuth client: `Microsoft Entra ID (Client Identifier, Client Secret)` */
export function clientPlace(idp: string | undefined): string {
  const { title, oauth } = idpWords(idp);
  return `${title} (${oauth === undefined ? "client id and secret" : `${oauth.clientIdField}, ${oauth.secretField}`})`;
}

export function newClientCommand(idp: string | undefined): string {
  return `client create --label production${isKnown(idp) ? ` --idp ${idp}` : ""}`;
}

function isKnown(idp: string | undefined): idp is string {
  return idp !== undefined && idpNames.includes(idp);
}
