import { platform } from '#platform'
import { BackendError } from '../../errors.js'
import type { Priority } from '../backend.js'
import type { WorkerHandle } from '../../platform/platform.js'
import type { Answer, Task } from './transfer.js'

/** How often a task is tried whose worker dies. */
const TRIES = 3
/** Every how many turns a batch call goes first. */
const BATCH_TURN = 5

interface Member {
  handle: WorkerHandle
  /** Whoever waits for its answer. */
  settle: ((answer: Answer | Error) => void) | undefined
}

/** Workers that share no memory with the engine. They start when they are needed and are kept. */
export class TransferPool {
  readonly threads: number
  readonly #module: WebAssembly.Module
  readonly #workerUrl: string | URL | undefined
  readonly #members = new Set<Member>()
  readonly #idle: Member[] = []
  /** Who waits for a worker: called when one is free or gone. */
  readonly #waiting: Record<Priority, (() => void)[]> = { interactive: [], batch: [] }
  #turns = 0
  #hasAnswered = false
  #broken: Error | undefined

  constructor(threads: number, module: WebAssembly.Module, workerUrl?: string | URL) {
    this.threads = threads
    this.#module = module
    this.#workerUrl = workerUrl
  }

  get workers(): number {
    return this.#members.size
  }

  /** Why workers do not start here, if so. */
  get broken(): Error | undefined {
    return this.#broken
  }

  /**
   * Runs a task on the next worker that is free.
   * @param make Makes the task when there is a worker for it, so that no more than one a worker is in memory.
   */
  async run(make: () => Task, priority: Priority = 'interactive'): Promise<ArrayBuffer> {
    let failure: Error | undefined
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const member = await this.#take(priority)
      const answer = await this.#ask(member, make)
      if (answer instanceof Error) {
        failure = answer
        if (this.#broken !== undefined) throw this.#broken
        continue
      }
      this.#give(member)
      if ('bytes' in answer) return answer.bytes
      throw new BackendError(`wasm: a kernel failed: ${answer.error}`)
    }
    throw new BackendError(`wasm: ${TRIES} workers died over the same strip`, { cause: failure })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members].map(({ handle }) => handle.terminate()))
  }

  #ask(member: Member, make: () => Task): Promise<Answer | Error> {
    return new Promise((resolve, reject) => {
      try {
        const task = make()
        member.settle = resolve
        member.handle.ref(true)
        member.handle.post(task, task.writes.map(({ bytes }) => bytes))
      } catch (error) {
        member.settle = undefined
        this.#give(member)
        reject(error)
      }
    })
  }

  async #take(priority: Priority): Promise<Member> {
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken
      const idle = this.#idle.pop()
      if (idle !== undefined) return idle
      if (this.#members.size < this.threads) return this.#start()
      await new Promise<void>((resolve) => this.#waiting[priority].push(resolve))
    }
  }

  #give(member: Member): void {
    member.handle.ref(false)
    this.#idle.push(member)
    this.#wakeNext()
  }

  /** Interactive calls first, but every few turns a batch call, so that it goes on. */
  #wakeNext(): void {
    const { interactive, batch } = this.#waiting
    const turn = ++this.#turns % BATCH_TURN === 0 ? [batch, interactive] : [interactive, batch]
    turn.find((waiting) => waiting.length > 0)?.shift()?.()
  }

  #start(): Member {
    // Known to its own events before it has a handle.
    const started = { settle: undefined } as Member
    try {
      const handle = platform.startWorker({
        data: { module: this.#module },
        url: this.#workerUrl,
        onMessage: (message) => this.#onAnswer(started, message as Answer),
        onExit: (error) => this.#onExit(started, error),
      })
      this.#members.add(Object.assign(started, { handle }))
      return started
    } catch (error) {
      this.#broken = error instanceof Error ? error : new Error(String(error))
      throw this.#broken
    }
  }

  #onAnswer(member: Member, answer: Answer): void {
    this.#hasAnswered = true
    const { settle } = member
    member.settle = undefined
    settle?.(answer)
  }

  #onExit(member: Member, error = new Error('the worker was ended')): void {
    this.#members.delete(member)
    const at = this.#idle.indexOf(member)
    if (at >= 0) this.#idle.splice(at, 1)
    if (!this.#hasAnswered) this.#broken = error
    member.settle?.(error)
    this.#wakeNext()
  }
}
