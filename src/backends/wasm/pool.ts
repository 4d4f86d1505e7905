import { onAbort } from '../../abort.js'
import { BackendError, DisposedError } from '../../errors.js'
import type { WorkerHandle } from '../../platform/platform.js'
import type { Priority } from '../backend.js'
import { Pace } from '../../turns.js'
import { platform } from '#platform'
import * as protocol from './protocol.js'
import { stripRunner } from './worker.js'

/** One phase to run. */
export interface PoolJob extends Omit<protocol.Work, 'held' | 'tells'> {
  /** Default: interactive. */
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
  /** Hears of strips that are done, of several at once where they follow each other closely. */
  readonly onStrip?: ((done: number, strips: number) => void) | undefined
  /** Brings what strips are made from, while others run: no worker takes a strip before it is opened. */
  readonly feed?: ((open: (strip: number) => void) => Promise<void>) | undefined
  /** Takes away what strips made, while others run; begins when all is fed. `done` rejects where the job is stopped. */
  readonly drain?: ((done: (strip: number) => Promise<void>) => Promise<void>) | undefined
}

/** How often a strip may end the worker that runs it: it is run again twice. */
const MAX_DEATHS = 3
/** How often an engine looks for news that nothing can tell it of. */
const POLL_MS = 1
/** How often it looks although it is told: in WebKit's workers such news may come and not wake the thread that waits for it. */
const LATE_MS = 50

/** Workers and the jobs they share. Workers start with the first job and sleep between jobs. */
export class Pool {
  readonly threads: number
  readonly #memory: WebAssembly.Memory
  readonly #module: WebAssembly.Module
  readonly #kernels: protocol.Kernels
  readonly #control: Int32Array
  readonly #workerUrl: string | URL | undefined
  readonly #workers: (WorkerHandle | undefined)[] = []
  readonly #jobs = new Set<LiveJob>()
  readonly #slots: Record<Priority, Slots>
  /** Why the last worker that died did so, and how often one died with no strip in hand and none done since. */
  #failure: Error | undefined
  #failures = 0
  /** Workers in whose place this thread runs strips. */
  readonly #standIns = new Set<number>()
  #closed = false

  /** @param kernels The engine's own instance, which runs strips where workers cannot live. */
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
    this.#control = protocol.controlOf(memory)
    this.#slots = { interactive: new Slots(this.#control, 0), batch: new Slots(this.#control, protocol.SLOTS_PER_PRIORITY) }
  }

  get workers(): number {
    return this.#workers.filter((worker) => worker !== undefined).length
  }

  /** Why the last worker that died did so. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Why no worker ever started here, once that is known: this thread does their work. */
  get broken(): Error | undefined {
    return this.#canLive || Atomics.load(this.#control, protocol.STARTED) > 0 ? undefined : this.#failure
  }

  /**
   * Runs a job; settles when no worker touches it any more. Rejects with the signal's reason if aborted, at once where
   * the job still waits for a slot, and with a BackendError if the same strip ends three workers.
   */
  async run(work: PoolJob): Promise<void> {
    const { priority = 'interactive', signal } = work
    const slots = this.#slots[priority]
    this.#check(signal)
    const slot = await slots.take(signal)
    try {
      this.#check(signal)
      await this.#runIn(slot, work)
    } finally {
      slots.give(slot)
    }
  }

  async #runIn(slot: protocol.Slot, work: PoolJob): Promise<void> {
    const { signal, onStrip, feed, drain } = work
    const job = new LiveJob(slot, onStrip)
    const ignore = onAbort(signal, () => job.stop(signal?.reason))
    this.#jobs.add(job)
    try {
      if (this.broken === undefined) this.#startWorkers()
      job.strips = slot.publish({ ...work, held: feed !== undefined, tells: onStrip !== undefined || drain !== undefined })
      this.#rouse()
      await this.#ferry(job, work)
      await this.#until(job, (left) => left === 0)
    } finally {
      ignore()
      slot.clear()
      this.#jobs.delete(job)
      if (this.#jobs.size === 0) for (const worker of this.#workers) worker?.ref(false)
    }
    if (job.stopped !== undefined) throw job.stopped.reason
  }

  /** Tells workers, or who stands in for them, that strips are free. */
  #rouse(): void {
    protocol.wake(this.#control)
    if (this.workers === 0) void this.#standIn(0)
  }

  /** What this thread has to do for a job while it runs; stops the job where that fails. */
  async #ferry(job: LiveJob, { feed, drain }: PoolJob): Promise<void> {
    try {
      await feed?.((strip) => {
        this.#hear(job)
        job.slot.open(strip)
        this.#rouse()
      })
      await drain?.(async (strip) => {
        await this.#until(job, () => job.stopped !== undefined || job.slot.isDone(strip))
        if (job.stopped !== undefined) throw job.stopped.reason
      })
    } catch (error) {
      job.stop(error)
    }
  }

  /** Waits for what strips that are done bring about. */
  async #until(job: LiveJob, isSo: (left: number) => boolean): Promise<void> {
    const { bell } = job.slot
    for (;;) {
      const heard = Atomics.load(this.#control, bell)
      // One look for both: the last strip is told of before the call settles.
      if (isSo(this.#hear(job))) return
      await this.#change(bell, heard)
    }
  }

  /** Takes note of what a job has got done, and returns how many strips are left. */
  #hear(job: LiveJob): number {
    const left = job.slot.left()
    if (job.tell(job.strips - left) && this.#canLive) this.#failures = 0
    return left
  }

  #check(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted()
    if (this.#closed) throw new DisposedError('wasm: the engine was closed before this call')
  }

  /** Stops the workers and waits until they have ended. Calls that still run or wait reject. */
  async close(): Promise<void> {
    this.#closed = true
    Atomics.store(this.#control, protocol.STOP, 1)
    protocol.wake(this.#control)
    const error = new DisposedError('wasm: the engine was closed during this call')
    for (const slots of Object.values(this.#slots)) slots.refuse(error)
    for (const job of this.#jobs) job.stop(error)
    await Promise.all(this.#workers.map((worker) => worker?.terminate()))
    // Not every platform reports the end of a worker that it was told to end.
    this.#workers.forEach((_, index) => this.#release(index, error))
    this.#workers.length = 0
  }

  /** Waits until a word of the control block is no longer `value`, or somebody says so. */
  async #change(word: number, value: number): Promise<void> {
    if (typeof Atomics.waitAsync === 'function') {
      const wait = Atomics.waitAsync(this.#control, word, value)
      if (wait.async) await orLate(wait.value)
      return
    }
    while (Atomics.load(this.#control, word) === value) await pause(POLL_MS)
  }

  #startWorkers(): void {
    try {
      for (let index = 0; index < this.threads; index++) {
        this.#workers[index] ??= this.#start(index)
        this.#workers[index]?.ref(true)
      }
    } catch (error) {
      // There are none here at all.
      this.#failure = error instanceof Error ? error : new Error(String(error))
      this.#failures = Number.POSITIVE_INFINITY
    }
  }

  #start(index: number): WorkerHandle {
    return platform.startWorker({
      data: { module: this.#module, memory: this.#memory, index },
      url: this.#workerUrl,
      onExit: (error) => this.#onExit(index, error),
    })
  }

  #onExit(index: number, error: Error | undefined): void {
    this.#workers[index] = undefined
    // Strips that were done before it died say that workers can live here.
    for (const job of this.#jobs) this.#hear(job)
    const held = this.#release(index, error)
    if (this.#closed) return
    this.#failure = error
    // A strip is blamed where there is one, so that a job whose kernel traps does no harm to others.
    if (!held) this.#failures++
    if (this.#jobs.size === 0) return
    if (this.#canLive) this.#startWorkers()
    // Also where it could not be started again.
    if (this.#workers[index] === undefined) void this.#standIn(index)
  }

  /** Whether workers stay alive here: some may die, but not all the time. */
  get #canLive(): boolean {
    return this.#failures <= 2 * this.threads
  }

  /** Takes from a worker that is dead what it had in hand; returns whether it had anything. */
  #release(index: number, error: Error | undefined): boolean {
    let held = false
    for (const job of this.#jobs) held = job.release(index, error) || held
    if (held) protocol.wake(this.#control)
    return held
  }

  /** Workers cannot live here: this thread does what worker `index` would, and lets others go first between strips. */
  async #standIn(index: number): Promise<void> {
    if (this.#standIns.has(index)) return
    this.#standIns.add(index)
    const runStrip = stripRunner(this.#control, this.#kernels, index)
    const pace = new Pace()
    while (this.#workers[index] === undefined && !this.#closed) {
      try {
        if (!runStrip()) break
      } catch (error) {
        this.#release(index, error as Error)
      }
      await pace.giveWay(undefined)
    }
    this.#standIns.delete(index)
  }
}

/** A job in a slot. */
class LiveJob {
  readonly slot: protocol.Slot
  readonly #onStrip: PoolJob['onStrip']
  /** How often each strip ended a worker. */
  readonly #deaths = new Map<number, number>()
  /** Strips that were done when somebody last looked. */
  #told = 0
  strips = 0
  /** Why the job was stopped before its end, where it was. */
  stopped: { readonly reason: unknown } | undefined

  constructor(slot: protocol.Slot, onStrip: PoolJob['onStrip']) {
    this.slot = slot
    this.#onStrip = onStrip
  }

  /** Tells the caller how many strips are done, where these are more than before; returns whether they are. */
  tell(done: number): boolean {
    if (done <= this.#told || this.stopped !== undefined) return false
    this.#told = done
    // Who is told may stop the job, or fail: then workers still have to let go of it.
    try {
      this.#onStrip?.(done, this.strips)
    } catch (error) {
      this.stop(error)
    }
    return true
  }

  /** Lets no further strip be taken: the job ends when those in hand are done. The first reason counts. */
  stop(reason: unknown): void {
    this.stopped ??= { reason }
    this.slot.close()
    this.slot.ring()
  }

  /** Takes from a worker that is dead the strip that it had in hand, if any. Strips are pure, and run again elsewhere. */
  release(worker: number, error: Error | undefined): boolean {
    const strip = this.slot.heldBy(worker)
    if (strip >= 0) {
      const deaths = (this.#deaths.get(strip) ?? 0) + 1
      this.#deaths.set(strip, deaths)
      if (deaths === MAX_DEATHS) this.stop(new BackendError(diedTooOften(strip, error), { cause: error }))
      if (this.stopped === undefined) this.slot.free(strip)
      else this.slot.finish(strip)
    }
    // It may have died between the end of a strip and the bell.
    this.slot.ring()
    return strip >= 0
  }
}

const diedTooOften = (strip: number, error: Error | undefined): string =>
  `wasm: strip ${strip} ended ${MAX_DEATHS} workers, one after the other; the last one: ${error?.message ?? 'it ended without a reason'}`

/** A call that waits for a slot. */
interface Waiting {
  give(slot: protocol.Slot): void
  refuse(reason: unknown): void
}

/** The slots of one priority, and the calls that wait for one. */
class Slots {
  readonly #free: protocol.Slot[]
  readonly #waiting = new Set<Waiting>()

  constructor(control: Int32Array, first: number) {
    this.#free = Array.from({ length: protocol.SLOTS_PER_PRIORITY }, (_, index) => new protocol.Slot(control, first + index))
  }

  /** A slot of the caller's own, as soon as there is one. Rejects with the signal's reason if aborted before. */
  async take(signal: AbortSignal | undefined): Promise<protocol.Slot> {
    const slot = this.#free.pop()
    if (slot !== undefined) return slot
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting)
        reject(signal?.reason)
      }
      const ignore = onAbort(signal, leave)
      const waiting = {
        give(given: protocol.Slot): void {
          ignore()
          resolve(given)
        },
        refuse(reason: unknown): void {
          ignore()
          reject(reason)
        },
      }
      this.#waiting.add(waiting)
    })
  }

  /** Gives a slot to whoever waits longest. */
  give(slot: protocol.Slot): void {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#free.push(slot)
      return
    }
    this.#waiting.delete(first)
    first.give(slot)
  }

  /** Rejects all that wait. */
  refuse(reason: unknown): void {
    for (const waiting of this.#waiting) waiting.refuse(reason)
    this.#waiting.clear()
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Settles with a promise, or when that is late. */
async function orLate(promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LATE_MS)
  })
  await Promise.race([promise, late])
  clearTimeout(timer)
}
