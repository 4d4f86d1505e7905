// The worker as the page sees it: calls that resolve, and can be given up.
import type { Failure, Input, Method, Output, Reply, Request } from './protocol.js'

interface CallOptions {
  readonly signal?: AbortSignal
  readonly onNote?: (note: never) => void
  readonly transfer?: readonly Transferable[]
}

/** What the worker reports of an error. */
export class StudioError extends Error {
  readonly step: number | undefined

  constructor({ name, message, step }: Failure) {
    super(message)
    this.name = name
    this.step = step
  }
}

interface Waiting {
  readonly resolve: (output: never) => void
  readonly reject: (error: Error) => void
  readonly onNote: ((note: never) => void) | undefined
}

export class Studio {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'studio' })
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#hear(data))
    this.#worker.addEventListener('error', ({ message }) => {
      const error = new Error(message || 'the worker of this page did not load; reload the page')
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    })
  }

  call<M extends Method>(method: M, input: Input<M>, { signal, onNote, transfer = [] }: CallOptions = {}): Promise<Output<M>> {
    const id = ++this.#lastId
    const request: Request = { id, method, input }
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', () => this.#worker.postMessage({ id, abort: true } satisfies Request), { once: true })
      this.#waiting.set(id, { resolve, reject, onNote })
      this.#worker.postMessage(request, [...transfer])
    })
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    if ('note' in reply) {
      waiting.onNote?.(reply.note as never)
      return
    }
    this.#waiting.delete(reply.id)
    if ('failure' in reply) waiting.reject(new StudioError(reply.failure))
    else waiting.resolve(reply.output as never)
  }
}
