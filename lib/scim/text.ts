/**
 * When two texts are equal to a SCIM server.
 *
 * Uniqueness (claims), lookups and filters must agree on this, or an identity provider searches, finds nothing,
 * creates, and meets a 409 for ever (R15, R33, R126).
 */

/**
 * Folds a text whose attribute is not caseExact: compatibility composition and full case folding, so that `Straße`,
 * `STRASSE` and composed or decomposed letters are one. Final sigma is folded by hand because toLowerCase looks at context.
 */
export function fold(text: string): string {
  if (isPlainAscii(text)) return text.toLowerCase();
  return text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
}

function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false;
  return true;
}
