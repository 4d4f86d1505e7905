// One request from its headers to the end of its answer: its place, its clock, and the signal that stops its work.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Gate } from './gate.js'
import { Refusal } from './problems.js'

/** Each of these may take as long as the time limit says. */
type Phase = 'arriving' | 'working' | 'answering'

/** The reason of a signal whose client is gone. */
export class HangUp extends Error {
  override readonly name = 'HangUp'
}

export class Visit {
  readonly #controller = new AbortController()
  readonly #gate: Gate
  readonly #limitMs: number
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #leave: () => void
  #timer: NodeJS.Timeout | undefined

  /** @throws Refusal where there is no place. */
  constructor(gate: Gate, limitMs: number, request: IncomingMessage, response: ServerResponse) {
    this.#gate = gate
    this.#limitMs = limitMs
    this.#request = request
    this.#response = response
    this.#leave = gate.enter()
    response.once('close', this.#end)
    // The response of a request that was sent ahead of its turn has no socket yet, and would not hear of its end.
    // Many may be sent ahead.
    request.socket.setMaxListeners(0).once('close', this.#end)
    if (request.socket.destroyed) this.#end()
  }

  /** Aborted when the client hangs up, or when a phase takes too long. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Starts the clock of a phase. */
  begin(phase: Phase): void {
    clearTimeout(this.#timer)
    if (!this.#isOver) this.#timer = setTimeout(() => this.#expire(phase), this.#limitMs)
  }

  /** Settles as `work` does, or rejects when the signal is aborted. */
  until<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(resolve, reject)
      const stop = (): void => reject(this.signal.reason)
      if (this.signal.aborted) stop()
      else this.signal.addEventListener('abort', stop, { once: true })
    })
  }

  get #isOver(): boolean {
    return this.#response.closed || this.#request.socket.destroyed
  }

  #expire(phase: Phase): void {
    const seconds = `${this.#limitMs / 1000} s`
    if (phase === 'arriving') {
      const headers = { connection: 'close' }
      this.#controller.abort(new Refusal('ERR_SLOW', `the request did not arrive within ${seconds}`, { headers }))
    } else if (phase === 'working') {
      const { headers } = this.#gate.busy('')
      this.#controller.abort(new Refusal('ERR_TIMEOUT', `the request was not done within ${seconds}`, { headers }))
    } else this.#request.socket.destroy()
  }

  readonly #end = (): void => {
    clearTimeout(this.#timer)
    this.#response.off('close', this.#end)
    this.#request.socket.off('close', this.#end)
    if (!this.#response.writableFinished) this.#controller.abort(new HangUp('the client hung up'))
    this.#leave()
  }
}
