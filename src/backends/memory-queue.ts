import { MemoryError } from '../errors.js'

/** Lets calls share a memory: one that finds it full gives back what it has, waits until another has ended, and begins again. */
export class MemoryQueue {
  #running = 0
  /** Calls begun so far. */
  #begun = 0
  #waiting: (() => void)[] = []

  /**
   * @param work One whole call, which frees what it allocated when it fails.
   * @throws MemoryError where the memory is full though no other call ran beside it, and the signal's reason.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (;;) {
      const wasAlone = this.#running++ === 0
      const begun = ++this.#begun
      let isFull = false
      try {
        return await work()
      } catch (error) {
        // Others may have left gaps that are too small, even if they have ended since.
        isFull = error instanceof MemoryError && !(wasAlone && this.#begun === begun)
        if (!isFull) throw error
      } finally {
        this.#running--
        // Who waits too has nothing to gain from a call that begins again.
        if (!isFull) for (const wake of this.#waiting.splice(0)) wake()
      }
      if (this.#running > 0) await this.#anotherEnd(signal)
    }
  }

  #anotherEnd(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        signal?.removeEventListener('abort', abort)
        this.#waiting = this.#waiting.filter((other) => other !== wake)
        settle()
      }
      const wake = end(resolve)
      const abort = end(() => reject(signal?.reason))
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.push(wake)
    })
  }
}
