import type { WorkerHandle } from '../../platform/platform.js'
import { platform } from '#platform'
import * as protocol from './protocol.js'

/** One phase to run: rows in strips, each by whoever takes it first. */
export interface PoolJob {
  /** Address of the job record. */
  readonly job: number
  readonly rows: number
  readonly rowsPerStrip: number
  /** Address and size of each worker's own memory. */
  readonly scratch: number
  readonly scratchBytes: number
  readonly signal?: AbortSignal | undefined
  readonly onStrip?: ((done: number, strips: number) => void) | undefined
}

/** Workers and the jobs they share. Workers start with the first job and sleep between jobs. */
export class Pool {
  readonly threads: number
  readonly #memory: WebAssembly.Memory
  readonly #module: WebAssembly.Module
  readonly #kernels: protocol.Kernels
  readonly #control: Int32Array
  readonly #workerUrl: string | URL | undefined
  readonly #workers: (WorkerHandle | undefined)[] = []
  readonly #live = new Set<number>()
  /** Calls that wait for a slot. */
  readonly #queue: (() => void)[] = []
  /** Why the last worker that died did so, and how often that happened in a row. */
  #failure: Error | undefined
  #failures = 0

  /** @param kernels The engine's own instance, which runs strips that a worker left undone. */
  constructor(
    threads: number,
    memory: WebAssembly.Memory,
    module: WebAssembly.Module,
    kernels: protocol.Kernels,
    workerUrl?: string | URL,
  ) {
    this.#workerUrl = workerUrl
    this.threads = threads
    this.#memory = memory
    this.#module = module
    this.#kernels = kernels
    this.#control = new Int32Array(memory.buffer, 0, protocol.CONTROL_BYTES / 4)
  }

  get workers(): number {
    return this.#workers.filter((worker) => worker !== undefined).length
  }

  /** Runs a job; resolves when no worker touches it any more. Rejects with the signal's reason if aborted. */
  async run({ job, rows, rowsPerStrip, scratch, scratchBytes, signal, onStrip }: PoolJob): Promise<void> {
    const slot = await this.#takeSlot()
    const control = this.#control
    const at = protocol.slotAt(slot)
    const strips = Math.ceil(rows / rowsPerStrip)
    this.#startWorkers()

    control[at + protocol.NEXT] = protocol.CLOSED
    control[at + protocol.DONE] = 0
    control[at + protocol.JOB] = job
    control[at + protocol.ROWS] = rows
    control[at + protocol.ROWS_PER_STRIP] = rowsPerStrip
    control[at + protocol.SCRATCH] = scratch
    control[at + protocol.SCRATCH_BYTES] = scratchBytes
    Atomics.store(control, at + protocol.STRIPS, strips)
    Atomics.store(control, at + protocol.NEXT, 0)
    Atomics.add(control, protocol.WAKE, 1)
    Atomics.notify(control, protocol.WAKE)

    // Strips below `taken` are run by somebody; closing the slot may lower it.
    let taken = strips
    const close = (): void => {
      taken = Math.min(taken, Atomics.exchange(control, at + protocol.NEXT, protocol.CLOSED))
      // Wakes the loop below, which may be waiting for strips that nobody will take now.
      Atomics.notify(control, at + protocol.DONE)
    }
    if (signal?.aborted) close()
    signal?.addEventListener('abort', close, { once: true })
    try {
      for (let seen = 0; ; ) {
        const done = Atomics.load(control, at + protocol.DONE)
        // Before the check: who is told of progress may abort, after which nothing else may be left to wait for.
        if (done !== seen && !signal?.aborted) onStrip?.(done, strips)
        seen = done
        if (done >= taken) break
        await this.#change(at + protocol.DONE, done)
      }
    } finally {
      signal?.removeEventListener('abort', close)
      Atomics.store(control, at + protocol.NEXT, protocol.CLOSED)
      this.#live.delete(slot)
      this.#queue.shift()?.()
      if (this.#live.size === 0) for (const worker of this.#workers) worker?.ref(false)
    }
    signal?.throwIfAborted()
  }

  /** Stops the workers and waits until they have ended. */
  async close(): Promise<void> {
    Atomics.store(this.#control, protocol.STOP, 1)
    Atomics.add(this.#control, protocol.WAKE, 1)
    Atomics.notify(this.#control, protocol.WAKE)
    const workers = this.#workers.splice(0)
    await Promise.all(workers.map((worker) => worker?.terminate()))
  }

  /** Waits until a word of the control block is no longer `value`, or somebody says so. */
  async #change(word: number, value: number): Promise<void> {
    const wait = Atomics.waitAsync(this.#control, word, value)
    if (wait.async) await wait.value
  }

  async #takeSlot(): Promise<number> {
    while (this.#live.size === protocol.SLOT_COUNT) await new Promise<void>((resolve) => this.#queue.push(resolve))
    let slot = 0
    while (this.#live.has(slot)) slot++
    this.#live.add(slot)
    return slot
  }

  #startWorkers(): void {
    for (let index = 0; index < this.threads; index++) {
      this.#workers[index] ??= this.#start(index)
      this.#workers[index]?.ref(true)
    }
  }

  #start(index: number): WorkerHandle {
    return platform.startWorker({
      data: { module: this.#module, memory: this.#memory, index },
      url: this.#workerUrl,
      onExit: (error) => this.#onExit(index, error),
    })
  }

  /** A worker that dies leaves at most one strip undone; strips are pure, so it is run again here. */
  #onExit(index: number, error: Error | undefined): void {
    if (Atomics.load(this.#control, protocol.STOP) !== 0) return
    this.#workers[index] = undefined
    this.#failure = error
    this.#failures++
    const claim = Atomics.exchange(this.#control, protocol.CLAIMS + index, 0) - 1
    if (claim >= 0) {
      const slot = claim >>> protocol.CLAIM_SLOT_BITS
      this.#runHere(slot, claim - (slot << protocol.CLAIM_SLOT_BITS), index)
    }
    if (this.#live.size === 0) return
    if (this.#failures <= 2 * this.threads) this.#startWorkers()
    else this.#finishHere()
  }

  #runHere(slot: number, strip: number, index: number): void {
    const at = protocol.slotAt(slot)
    const { y0, y1 } = protocol.stripRows(this.#control, slot, strip)
    const scratch = ((this.#control[at + protocol.SCRATCH] as number) >>> 0) + index * (this.#control[at + protocol.SCRATCH_BYTES] as number)
    this.#kernels.run((this.#control[at + protocol.JOB] as number) >>> 0, y0, y1, scratch)
    Atomics.add(this.#control, at + protocol.DONE, 1)
    Atomics.notify(this.#control, at + protocol.DONE)
  }

  /** Workers cannot live here: what is left of the jobs is done on this thread. */
  #finishHere(): void {
    for (const slot of this.#live) {
      const at = protocol.slotAt(slot)
      const strips = this.#control[at + protocol.STRIPS] as number
      for (let strip = 0; (strip = Atomics.add(this.#control, at + protocol.NEXT, 1)) < strips; ) this.#runHere(slot, strip, 0)
    }
  }

  /** Why workers died, if they did. */
  get failure(): Error | undefined {
    return this.#failure
  }
}
