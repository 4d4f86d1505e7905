// Of many wishes that come while work goes on, only the newest counts.

/** While results come this often, a newer wish ends the work in hand. */
const SHOWN_MS = 300
/** Work that takes longer is ended at once: nobody who moves a slider waits for it. */
const SLOW_MS = 900

/**
 * Runs jobs one at a time. A job that is overtaken is aborted, unless nothing was shown for a while and it may soon be done:
 * else a slider that never rests would show nothing at all.
 */
export class Latest<T> {
  readonly #run: (job: T, signal: AbortSignal) => Promise<void>
  readonly #now: () => number
  #next: { readonly job: T } | undefined
  #controller: AbortController | undefined
  #startedAt = 0
  #shownAt = -Infinity

  /** @param run Never rejects. */
  constructor(run: (job: T, signal: AbortSignal) => Promise<void>, now = (): number => performance.now()) {
    this.#run = run
    this.#now = now
  }

  want(job: T): void {
    this.#next = { job }
    if (this.#controller === undefined) void this.#work()
    else if (this.#now() - this.#shownAt < SHOWN_MS || this.#now() - this.#startedAt > SLOW_MS) this.#controller.abort()
  }

  /** Ends the work in hand and forgets what is wanted. */
  stop(): void {
    this.#next = undefined
    this.#controller?.abort()
  }

  async #work(): Promise<void> {
    while (this.#next !== undefined) {
      const { job } = this.#next
      this.#next = undefined
      this.#controller = new AbortController()
      this.#startedAt = this.#now()
      await this.#run(job, this.#controller.signal)
      if (!this.#controller.signal.aborted) this.#shownAt = this.#now()
      this.#controller = undefined
    }
  }
}
