/** One POST and its status: the time is bounded as a whole, and nothing of the answer's body is kept. */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { type Post, type PostAnswer, PostError, type PostMessage } from "../events/ports.ts";

export interface SendOptions {
  readonly request: (
    url: string,
    options: RequestOptions,
    onResponse: (response: IncomingMessage) => void,
  ) => ClientRequest;
  readonly agent: NonNullable<RequestOptions["agent"]>;
  readonly timeoutMs: number;
}

/** An answer that is longer is cut off, with its connection. */
const bodyBytesMost = 4096;
const retryAfterMost = 100;

/** Errors: PostError. */
export async function send(options: SendOptions, url: string, message: PostMessage): ReturnType<Post> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    return await sendOnce(options, url, message, signal);
  } catch (error) {
    // A connection that was kept, and that the other end closed at this moment.
    if (error instanceof ConnectionWasClosed) return await sendOnce(options, url, message, signal).catch(asPostError);
    return asPostError(error);
  }
}

class ConnectionWasClosed extends Error {}

async function sendOnce(
  { request, agent }: SendOptions,
  url: string,
  { headers, body }: PostMessage,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const bytes = Buffer.from(body);
  const length = { "content-length": String(bytes.length) };
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, signal, headers: { ...headers, ...length } }, (response) => {
      const answer = answerOf(response);
      // What it has said with its status counts, however its body ends.
      response.on("error", () => resolve(answer)).on("close", () => resolve(answer));
      let received = 0;
      response.on("data", (chunk: Buffer) => {
        received += chunk.length;
        if (received > bodyBytesMost) response.destroy();
      });
    });
    // An answer that would have the connection for something else has no body, and nobody else to end it.
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(answerOf(response));
    });
    sent.on("error", (error) => {
      const wasClosed = sent.reusedSocket && "code" in error && error.code === "ECONNRESET";
      reject(wasClosed && !signal.aborted ? new ConnectionWasClosed() : error);
    });
    sent.end(bytes);
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): PostAnswer {
  const retryAfter = headers["retry-after"]?.slice(0, retryAfterMost);
  return { status: statusCode, ...(retryAfter !== undefined && { retryAfter }) };
}

function asPostError(error: unknown): never {
  if (error instanceof PostError) throw error;
  if (!(error instanceof Error)) throw error;
  if (error.name === "AbortError" || error.name === "TimeoutError") throw new PostError("timed-out", { cause: error });
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  throw new PostError(isOfCertificate(code) ? "certificate" : "connection", { cause: error });
}

/** Source: node's documentation of TLS, "X509 certificate error codes". */
function isOfCertificate(code: string): boolean {
  return /CERT|^UNABLE_TO_|CRL|^INVALID_CA$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/.test(code);
}
