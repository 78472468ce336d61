/** Does anything answer at a base URL? Asked once, of the embedded mode, which may not have been started. */

const mostMs = 2_000;

/**
 * Any answer is one. What takes too long is there all the same. The path cannot be decoded, so the gateway itself answers: a
 * request without a token would be told as somebody who was turned away.
 */
export async function answersAt(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/%ff`, { signal: AbortSignal.timeout(mostMs) });
    await answer.body?.cancel();
    return true;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError";
  }
}
