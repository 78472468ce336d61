/** Does a client prove itself? What is wrong is told to nobody: an unknown id, a wrong secret and a revoked client look the same. */
import type { UsedAssertion } from "../provisioning/access-token.ts";
import type { Credential, StoredClient } from "../provisioning/client.ts";
import { equalHashes, hashToken } from "../token.ts";
import { verifyAssertion } from "./client-assertion.ts";
import { ClientNotLetIn } from "./oauth-error.ts";
import type { Proof } from "./token-request.ts";

export interface ProvenClient {
  readonly client: StoredClient;
  /** What it was proved by. */
  readonly credential: Credential;
  /** Good this once. */
  readonly assertion?: UsedAssertion;
}

/** Compared with where there is no secret, so that each costs the same. */
const nobody = hashToken("");

export interface Claimed {
  readonly clientId: string;
  /** Absent: there is none of this id. */
  readonly client: StoredClient | undefined;
  readonly proof: Proof;
  /** By which names an assertion may mean us. */
  readonly audiences: readonly string[];
  readonly now: number;
}

/** Errors: ClientNotLetIn. */
export async function provenClient({ clientId, client, proof, audiences, now }: Claimed): Promise<ProvenClient> {
  const credentials = [client?.current, client?.next].filter((one) => one !== undefined);
  const proven =
    proof.kind === "secret"
      ? bySecret(proof.secret, client)
      : await verifyAssertion(proof.assertion, { clientId, credentials, audiences, now }).then(
          (asserted) => asserted && { credential: asserted.credential, assertion: asserted.used },
        );
  if (client === undefined) throw notLetIn({ why: "unknown", token: undefined, tokenId: clientId });
  const shown = { token: client, tokenId: clientId };
  if (proven === undefined) throw notLetIn({ why: "wrongSecret", ...shown });
  if (client.revokedAt !== undefined) throw notLetIn({ why: "revoked", ...shown });
  return { client, ...proven };
}

export function notLetIn(shown: NonNullable<ClientNotLetIn["shown"]>): ClientNotLetIn {
  return new ClientNotLetIn(
    "the client is not known here, was revoked, or did not prove itself; compare its id and secret, or the key and the claims of its assertion",
    shown,
  );
}

/** Both are always compared, there or not. */
function bySecret(secret: string, client: StoredClient | undefined): { credential: Credential } | undefined {
  const hash = hashToken(secret);
  const isCurrent = equalHashes(hash, client?.current.secretHash ?? nobody);
  const isNext = equalHashes(hash, client?.next?.secretHash ?? nobody);
  // An empty secret is equal to that of nobody.
  if (isCurrent && client?.current.secretHash !== undefined) return { credential: client.current };
  return isNext && client?.next?.secretHash !== undefined ? { credential: client.next } : undefined;
}
