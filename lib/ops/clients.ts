/** The OAuth clients that identity providers are. A secret is seen once, when it is made. */
import {
  addCredential,
  dropNext,
  keepNext,
  listClients,
  type NewCredential,
  type ProofKind,
  type PublicKey,
  putClient,
  readClient,
  type StoredClient,
} from "../provisioning/client.ts";
import { defined } from "../provisioning/head.ts";
import { lastContact } from "../provisioning/contact.ts";
import { isAlive, revoke } from "../provisioning/token.ts";
import { hashToken, newClientSecret, newToken } from "../token.ts";
import { OperationError, type Operations } from "./operations.ts";
import { labelOf } from "./tokens.ts";

/** Times are milliseconds since 1970. Never holds a hash: nobody needs it. */
export interface ClientInfo extends Pick<StoredClient, "id" | "label" | "createdAt" | "revokedAt" | "idp"> {
  readonly proof: ProofKind;
  readonly alive: boolean;
  /** When it last showed an access token, to the minute. */
  readonly lastUsedAt?: number;
  /** The second secret, or set of keys, while the client is rotated; and when each was last used, to the minute. */
  readonly rotation?: {
    readonly startedAt: number;
    readonly olderUsedAt?: number;
    readonly newerUsedAt?: number;
  };
}

export interface MadeClient extends ClientInfo {
  /** Absent where the client has keys of its own. */
  readonly secret?: string;
}

type Store = Pick<Operations, "table" | "clock" | "tenant" | "deployment">;

/** `keys`: public ones; absent: it gets a secret. Errors: OperationError; TableError. */
export async function createClient(
  o: Store,
  asked: { label: string; idp?: string; keys?: readonly PublicKey[] },
): Promise<MadeClient> {
  checkOAuth(o);
  const label = labelOf("A client", asked.label);
  const { id } = newToken();
  const proof = asked.keys === undefined ? "secret" : "key";
  const { secret, credential } = newCredential(id, asked.keys);
  const client = { id, label, createdAt: o.clock.now(), proof, ...defined({ idp: asked.idp }) } as const;
  await putClient(o.table, client, credential);
  return { ...client, alive: true, ...defined({ secret }) };
}

/** Newest first. Errors: TableError. */
export async function clients({ table, clock }: Pick<Store, "table" | "clock">): Promise<ClientInfo[]> {
  const all = await listClients(table);
  const now = clock.now();
  return all.map((client) => clientInfo(client, now)).sort((a, b) => b.createdAt - a.createdAt);
}

/** A second secret, or set of keys, beside the first: both are good. Errors: OperationError; TableError. */
export async function rotateClient(o: Store, id: string, keys?: readonly PublicKey[]): Promise<MadeClient> {
  checkOAuth(o);
  const client = await aliveClient(o, id);
  if (client.next !== undefined) throw rotatedAlready(id);
  if (client.proof === "key" && keys === undefined)
    throw new OperationError(`Client "${id}" has keys of its own: name the file with the new ones with --jwk.`);
  if (client.proof === "secret" && keys !== undefined)
    throw new OperationError(`Client "${id}" has a secret and no keys: leave --jwk out, or create another client.`);
  const { secret, credential } = newCredential(id, keys);
  if (!(await addCredential(o.table, id, credential, o.clock.now()))) throw rotatedAlready(id);
  return { ...(await infoOf(o, id)), ...defined({ secret }) };
}

/** The newer secret stays, and the older one is refused from now on. Errors: OperationError; TableError. */
export async function finishRotation(o: Store, id: string): Promise<ClientInfo> {
  const client = await rotatedClient(o, id);
  if (!(await keepNext(o.table, client))) throw changedMeanwhile(id);
  return await infoOf(o, id);
}

/** The older secret stays, and the newer one is refused from now on. Errors: OperationError; TableError. */
export async function undoRotation(o: Store, id: string): Promise<ClientInfo> {
  const client = await rotatedClient(o, id);
  if (!(await dropNext(o.table, client))) throw changedMeanwhile(id);
  return await infoOf(o, id);
}

/** From the next request on its access tokens are refused, too. Errors: OperationError when there is no such client; TableError. */
export async function revokeClient(o: Pick<Store, "table" | "clock">, id: string): Promise<string> {
  const { id: clientId } = await aliveClient(o, id);
  if (!(await revoke(o.table, clientId, o.clock.now()))) throw noSuchClient(id);
  return clientId;
}

function newCredential(
  id: string,
  keys: readonly PublicKey[] | undefined,
): { secret: string | undefined; credential: NewCredential } {
  if (keys !== undefined) return { secret: undefined, credential: { keys } };
  const secret = newClientSecret(id);
  return { secret, credential: { keys: [], secretHash: hashToken(secret) } };
}

function clientInfo(client: StoredClient, now: number): ClientInfo {
  const { id, label, createdAt, revokedAt, idp, proof, current, next } = client;
  const lastUsedAt = lastContact(client);
  const rotation = next && {
    startedAt: next.madeAt,
    ...defined({ olderUsedAt: current.usedAt, newerUsedAt: next.usedAt }),
  };
  return {
    id,
    label,
    createdAt,
    proof,
    ...defined({ revokedAt, idp, lastUsedAt, rotation }),
    alive: isAlive(client, now),
  };
}

async function infoOf(o: Store, id: string): Promise<ClientInfo> {
  return clientInfo(await aliveClient(o, id), o.clock.now());
}

async function aliveClient({ table, clock }: Pick<Store, "table" | "clock">, id: string): Promise<StoredClient> {
  const client = /^[a-z0-9]{3,32}$/.test(id) ? await readClient(table, id) : undefined;
  if (client === undefined || !isAlive(client, clock.now())) throw noSuchClient(id);
  return client;
}

async function rotatedClient(o: Store, id: string): Promise<StoredClient> {
  const client = await aliveClient(o, id);
  if (client.next !== undefined) return client;
  throw new OperationError(`Client "${id}" is not being rotated: \`npx rollcall client rotate ${id}\` begins that.`);
}

function checkOAuth({ tenant: { name, oauth }, deployment }: Store): void {
  if (oauth !== undefined) return;
  const then = deployment === undefined ? "start `npm start` again" : `deploy it: \`npm run deploy -- ${name}\``;
  throw new OperationError(
    `Tenant "${name}" takes no OAuth clients: add "oauth": {} to tenants/${name}.json and ${then}.`,
  );
}

function noSuchClient(id: string): OperationError {
  return new OperationError(`There is no client "${id}"; \`npx rollcall client ls\` lists them.`);
}

function rotatedAlready(id: string): OperationError {
  return new OperationError(
    `Client "${id}" is being rotated already: --finish ends the older of the two, --undo the newer.`,
  );
}

function changedMeanwhile(id: string): OperationError {
  return new OperationError(`Client "${id}" was changed by somebody else meanwhile: look at it with client ls.`);
}
