import { platform } from '#platform'

let last: Promise<void> = Promise.resolve()

/**
 * Resolves in a task of its own, before which other work of this thread goes: long work on the caller's thread is cut into
 * parts, of which each task does one, however many calls are at it.
 */
export function turn(): Promise<void> {
  last = last.then(() => platform.nextTask())
  return last
}

const BUSY_MS = 2

/** What one call does on the caller's thread, part by part: after some milliseconds others have their turn. */
export class Pace {
  #since = performance.now()

  async giveWay(signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#since < BUSY_MS) return
    await turn()
    signal?.throwIfAborted()
    this.#since = performance.now()
  }
}
