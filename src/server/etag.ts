// Validators. A result depends on nothing but what is hashed here, so that its tag is known before any work.
import { createHash } from 'node:crypto'

/** A strong tag of everything that a result depends on. */
export function etagOf(everything: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(everything)).digest('base64url')}"`
}

/** Whether an If-None-Match header names this tag: then the client has the result already. */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag)
}
