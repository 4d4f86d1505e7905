// Work on many items at once, with no more of them in hand than there are lanes.

export interface LanesOptions {
  /**
   * The most items in hand: those that were taken from their source and that the consumer is not done with. The
   * consumer is done with a result when asking for another.
   */
  readonly lanes: number
  /** Results come in the order of the items, or as they are ready. */
  readonly ordered: boolean
  /** Ends the iteration, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Work on one item; `undefined` gives the consumer nothing. The signal says that the result is no longer wanted. */
export type Work<T, R> = (item: T, index: number, signal: AbortSignal) => Promise<R | undefined>

interface Asker<R> {
  resolve(result: IteratorResult<R, undefined>): void
  reject(error: unknown): void
}

/** An error in a box, since anything can be thrown, `undefined` as well. */
interface Failure {
  readonly error: unknown
}

/**
 * The results of some work on each of some items. Nothing starts before the first result is asked for. What ends the
 * iteration early (an error, the signal, `return()`) aborts the work that is running, closes the source and waits for
 * both; it does not wait for an item that the source still owes.
 *
 * Not an async generator, since the `return()` of one waits for its pending `next()`.
 */
export class Lanes<T, R> implements AsyncGenerator<R, undefined> {
  readonly #items: Iterable<T> | AsyncIterable<T>
  readonly #work: Work<T, R>
  readonly #options: LanesOptions
  #source: Iterator<T> | AsyncIterator<T> | undefined
  /** The source has given all that it had. */
  #exhausted = false
  /** The source owes an item, for which a lane is kept. */
  #taking = false
  #taken = 0
  #inHand = 0
  /** Of those in hand, results that the consumer has. */
  #given = 0
  /** Where results come in order, whose turn it is. */
  #turn = 0
  readonly #results = new Map<number, R | undefined>()
  readonly #running = new Map<AbortController, Promise<void>>()
  readonly #askers: Asker<R>[] = []
  /** Set when the iteration is over: what came of closing the source. */
  #over: Promise<Failure | undefined> | undefined
  /** Why it is over, until somebody was told. */
  #failure: Failure | undefined

  constructor(items: Iterable<T> | AsyncIterable<T>, work: Work<T, R>, options: LanesOptions) {
    this.#items = items
    this.#work = work
    this.#options = options
  }

  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#given > 0) {
      this.#given--
      this.#inHand--
    }
    return new Promise((resolve, reject) => {
      this.#askers.push({ resolve, reject })
      if (this.#source === undefined) this.#open()
      this.#go()
    })
  }

  /** Ends the iteration; rejects where closing the source fails. */
  async return(): Promise<IteratorResult<R, undefined>> {
    const wasOpen = this.#over === undefined
    const failure = await this.#end()
    if (wasOpen && failure !== undefined) throw failure.error
    return { done: true, value: undefined }
  }

  async throw(error: unknown): Promise<IteratorResult<R, undefined>> {
    await this.#end()
    throw error
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #open(): void {
    const { signal } = this.#options
    if (this.#over !== undefined) return
    if (signal?.aborted) return void this.#end({ error: signal.reason })
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    try {
      this.#source = Symbol.asyncIterator in this.#items ? this.#items[Symbol.asyncIterator]() : this.#items[Symbol.iterator]()
    } catch (error) {
      void this.#end({ error })
    }
  }

  readonly #onAbort = (): void => void this.#end({ error: this.#options.signal?.reason })

  /** Gives out what is ready, then takes what there is room for. */
  #go(): void {
    if (this.#over !== undefined) return void this.#over.then(() => this.#dismiss())
    this.#give()
    void this.#take()
    if (this.#exhausted && this.#inHand === this.#given) void this.#end()
  }

  #give(): void {
    const { ordered } = this.#options
    for (;;) {
      const index = ordered ? this.#turn : this.#results.keys().next().value
      if (index === undefined || !this.#results.has(index)) return
      const value = this.#results.get(index)
      if (value === undefined) {
        this.#inHand--
      } else {
        const asker = this.#askers.shift()
        if (asker === undefined) return
        // Who has asked for another already is done with this one.
        if (this.#askers.length > 0) this.#inHand--
        else this.#given++
        asker.resolve({ done: false, value })
      }
      this.#results.delete(index)
      this.#turn++
    }
  }

  async #take(): Promise<void> {
    if (this.#taking || this.#exhausted || this.#inHand >= this.#options.lanes) return
    this.#taking = true
    this.#inHand++
    try {
      const { done, value } = await (this.#source as Iterator<T>).next()
      this.#taking = false
      if (this.#over !== undefined) return abandon(value)
      if (done) {
        this.#exhausted = true
        this.#inHand--
      } else {
        this.#start(value)
      }
      this.#go()
    } catch (error) {
      // A source that throws has closed itself.
      this.#exhausted = true
      void this.#end({ error })
    }
  }

  #start(item: T): void {
    // One for each item, since whoever listens to it need not take care to stop that.
    const stop = new AbortController()
    const running = this.#run(item, this.#taken++, stop.signal).then(() => {
      this.#running.delete(stop)
      this.#go()
    })
    this.#running.set(stop, running)
  }

  async #run(item: T, index: number, signal: AbortSignal): Promise<void> {
    try {
      const result = await this.#work(item, index, signal)
      if (this.#over === undefined) this.#results.set(index, result)
    } catch (error) {
      void this.#end({ error })
    }
  }

  #end(failure?: Failure): Promise<Failure | undefined> {
    if (this.#over === undefined) {
      this.#failure = failure
      // In a turn of its own, since this may be called by work that is only about to be in the list of what runs.
      this.#over = Promise.resolve().then(() => this.#close())
      void this.#over.then(() => this.#dismiss())
    }
    return this.#over
  }

  async #close(): Promise<Failure | undefined> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#results.clear()
    for (const stop of this.#running.keys()) stop.abort(this.#failure?.error)
    const closing = this.#closeSource()
    await Promise.all(this.#running.values())
    return closing
  }

  async #closeSource(): Promise<Failure | undefined> {
    if (this.#exhausted || this.#source === undefined) return undefined
    this.#exhausted = true
    try {
      const closing = this.#source.return?.()
      // An async generator that waits for something itself, maybe for ever, is closed when that has come.
      if (this.#taking) abandon(closing)
      else await closing
      return undefined
    } catch (error) {
      return { error }
    }
  }

  /** After the end: the first who asks is told why, if there is a reason; for all others it is just over. */
  #dismiss(): void {
    for (const { resolve, reject } of this.#askers.splice(0)) {
      const failure = this.#failure
      this.#failure = undefined
      if (failure === undefined) resolve({ done: true, value: undefined })
      else reject(failure.error)
    }
  }
}

/** Nobody will look at this any more; if it is a promise, its rejection is none of the program's concern. */
export function abandon(value: unknown): void {
  if (value instanceof Promise) value.catch(() => undefined)
}
