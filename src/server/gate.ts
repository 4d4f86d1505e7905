// How much is done at once, and how much may wait.
import { Refusal } from './problems.js'

const MAX_RETRY_SECONDS = 60
/** How much the last piece of work counts in the mean of all. */
const MEAN_WEIGHT = 0.1

/**
 * A fixed number of requests is worked on at once, and a fixed number may be here besides: arriving, waiting or being
 * answered. Others are refused before their body is read, so that memory is bounded.
 */
export class Gate {
  readonly #concurrency: number
  readonly #places: number
  #inside = 0
  #working = 0
  /** In the order in which they were ready: a picture that takes longer to look at comes later. */
  readonly #waiting = new Set<() => void>()
  #onEmpty: (() => void)[] = []
  #meanMs = 0

  constructor({ concurrency, queue }: { readonly concurrency: number; readonly queue: number }) {
    this.#concurrency = concurrency
    this.#places = concurrency + queue
  }

  /** Requests that are here, in whatever state. */
  get inside(): number {
    return this.#inside
  }

  /** Requests that are worked on. */
  get working(): number {
    return this.#working
  }

  /** Requests that are complete and wait to be worked on. */
  get waiting(): number {
    return this.#waiting.size
  }

  get isFull(): boolean {
    return this.#inside >= this.#places
  }

  /**
   * Takes a place and returns how to give it back.
   * @throws Refusal where there is none.
   */
  enter(): () => void {
    if (this.isFull) throw this.busy(`${this.#places} requests are here already, and no more may wait`)
    this.#inside++
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      if (--this.#inside > 0) return
      for (const tell of this.#onEmpty.splice(0)) tell()
    }
  }

  /** Does a task when its turn comes. Rejects with the signal's reason where that is earlier; a task that began is awaited. */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    await this.#turn(signal)
    const start = performance.now()
    try {
      signal.throwIfAborted()
      return await task()
    } finally {
      this.#meanMs += (performance.now() - start - this.#meanMs) * MEAN_WEIGHT
      const [next] = this.#waiting
      if (next === undefined) this.#working--
      else next()
    }
  }

  /** Resolves when nobody is here. */
  empty(): Promise<void> {
    return this.#inside === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve))
  }

  /** A refusal that says when there should be a place: when those who are here are done. */
  busy(reason: string): Refusal {
    const seconds = Math.ceil((this.#meanMs * this.#inside) / this.#concurrency / 1000)
    const headers = { 'retry-after': String(Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds))) }
    return new Refusal('ERR_BUSY', reason, { headers })
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#working < this.#concurrency) {
      this.#working++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        this.#waiting.delete(go)
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.delete(go)
        reject(signal.reason)
      }
      this.#waiting.add(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
