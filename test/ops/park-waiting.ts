/** Users as if the retries of their newest change were used up, without a letter. */
import type { DatabaseSync } from "node:sqlite";

/** All that are accepted and not applied. */
export function parkWaiting(db: DatabaseSync, code = "throttled"): void {
  const failure = JSON.stringify({ code, message: "as a test wants it", at: 0, attempts: 7 });
  for (let shard = 0; shard < 16; shard += 1) {
    db.prepare(
      `UPDATE item SET wait_key = ?1, attributes = json_set(attributes, '$.waitKey', ?1, '$.failure', ?2, '$.reason', ?4)
         WHERE pk = ?3 AND wait_key LIKE 'due#%'`,
    ).run(`parked#${shard}`, failure, `User#${shard.toString(16)}`, code);
  }
}
