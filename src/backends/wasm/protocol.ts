/**
 * The control block at the start of the shared memory, in words of 4 bytes: what the engine and its workers say to
 * each other while they work. protocol/PROTOCOL.md describes it, and protocol/pool.pml is its model.
 *
 * A job has a slot, and every strip of it a word of its own, which alone says how things stand: FREE, in hand of worker
 * w (w + 1), or DONE; before all that it may be HELD, until its input is there. Taking a strip is one compareExchange of
 * that word, so that a death at any instruction leaves the strip free, or marked with who died. Everything else is a bell: `wake` for workers, each slot's for the engine.
 */
export const WAKE = 0
export const STOP = 1
/** How many workers ever started. */
export const STARTED = 2
const SLOTS = 16
const SLOT_WORDS = 16
/** The first half of the slots is for interactive jobs, the second for batch jobs. */
export const SLOT_COUNT = 32
export const SLOTS_PER_PRIORITY = SLOT_COUNT / 2
const STATES = SLOTS + SLOT_COUNT * SLOT_WORDS
/** What a job may be cut into. */
export const MAX_STRIPS = 1024
export const CONTROL_BYTES = (STATES + SLOT_COUNT * MAX_STRIPS) * 4

/** Words of a slot. */
const STRIPS = 0
const BELL = 1
const JOB = 2
const ROWS = 3
const ROWS_PER_STRIP = 4
const SCRATCH = 5
const SCRATCH_BYTES = 6
const TELLS = 7

/** States of a strip besides being in hand. Memory begins as DONE. */
const DONE = 0
const FREE = -1
const HELD = -2

/** What a worker is started with, where memory can be shared. */
export interface SharedWorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly index: number
}

/** What a worker is started with: one without a memory makes its own, and is sent what it works on (transfer.ts). */
export type WorkerData = SharedWorkerData | { readonly module: WebAssembly.Module; readonly memory?: undefined }

/** The functions of the kernels' module that are not kernels. */
export interface Kernels {
  readonly run: (job: number, y0: number, y1: number, scratch: number) => void
}

/** A job as workers see it: rows in strips, each by whoever takes it first. */
export interface Work {
  /** Address of the job record. */
  readonly job: number
  readonly rows: number
  /** At least so many that the rows are no more than MAX_STRIPS strips. */
  readonly rowsPerStrip: number
  /** Address and size of each worker's own memory. */
  readonly scratch: number
  readonly scratchBytes: number
  /** Whether strips are for the engine to open, one by one. */
  readonly held: boolean
  /** Whether the engine is to hear of every strip; it hears of the last in any case. */
  readonly tells: boolean
}

/** The control block as a view; it stays valid when the memory grows. */
export const controlOf = (memory: WebAssembly.Memory): Int32Array => new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4)

/** One slot of the control block. Every method is safe against any other on any thread, and against death within it. */
export class Slot {
  /** The word that changes, and is notified, when there is news for the engine. */
  readonly bell: number
  readonly #control: Int32Array
  readonly #words: number
  readonly #states: number

  constructor(control: Int32Array, index: number) {
    this.#control = control
    this.#words = SLOTS + index * SLOT_WORDS
    this.#states = STATES + index * MAX_STRIPS
    this.bell = this.#words + BELL
  }

  /** Engine: lets workers take strips of a job, and returns how many there are. The slot has to be empty. */
  publish({ job, rows, rowsPerStrip, scratch, scratchBytes, held, tells }: Work): number {
    const strips = Math.ceil(rows / rowsPerStrip)
    if (strips > MAX_STRIPS) throw new RangeError(`expected at most ${MAX_STRIPS} strips, got ${strips}`)
    const at = this.#words
    this.#control[at + JOB] = job
    this.#control[at + ROWS] = rows
    this.#control[at + ROWS_PER_STRIP] = rowsPerStrip
    this.#control[at + SCRATCH] = scratch
    this.#control[at + SCRATCH_BYTES] = scratchBytes
    this.#control[at + TELLS] = tells ? 1 : 0
    // After the words above: a worker that still looks at the slot's last job may take these at once.
    for (let strip = 0; strip < strips; strip++) Atomics.store(this.#control, this.#states + strip, held ? HELD : FREE)
    Atomics.store(this.#control, at + STRIPS, strips)
    return strips
  }

  /** Engine: lets a strip be taken that was held, unless the job was stopped. */
  open(strip: number): void {
    Atomics.compareExchange(this.#control, this.#states + strip, HELD, FREE)
  }

  /** Engine: whether a strip is done. */
  isDone(strip: number): boolean {
    return this.#state(strip) === DONE
  }

  /** Engine: strips that are not done: held, free or in hand. At 0 no worker touches the job any more. */
  left(): number {
    let left = 0
    for (let strip = this.#strips(); strip-- > 0; ) if (this.#state(strip) !== DONE) left++
    return left
  }

  /** Engine: lets no further strip be taken. */
  close(): void {
    for (let strip = this.#strips(); strip-- > 0; ) {
      for (const state of [HELD, FREE]) Atomics.compareExchange(this.#control, this.#states + strip, state, DONE)
    }
  }

  /** Engine: makes the slot empty, when no strip is left. */
  clear(): void {
    Atomics.store(this.#control, this.#words + STRIPS, 0)
  }

  /** Engine: the strip that a worker, which is dead, had in hand; -1 where it had none. */
  heldBy(worker: number): number {
    for (let strip = this.#strips(); strip-- > 0; ) if (this.#state(strip) === worker + 1) return strip
    return -1
  }

  /** Engine: lets a strip be taken again. */
  free(strip: number): void {
    Atomics.store(this.#control, this.#states + strip, FREE)
  }

  /** Worker: takes a strip; -1 where none is free. */
  take(worker: number): number {
    const strips = this.#strips()
    for (let strip = 0; strip < strips; strip++) {
      if (this.#state(strip) !== FREE) continue
      if (Atomics.compareExchange(this.#control, this.#states + strip, FREE, worker + 1) === FREE) return strip
    }
    return -1
  }

  /** Worker: runs a strip that it has taken. What the slot says of the job holds since then, and not before. */
  run(kernels: Kernels, strip: number, worker: number): void {
    const word = (index: number): number => (this.#control[this.#words + index] as number) >>> 0
    const y0 = strip * word(ROWS_PER_STRIP)
    const y1 = Math.min(y0 + word(ROWS_PER_STRIP), word(ROWS))
    kernels.run(word(JOB), y0, y1, word(SCRATCH) + worker * word(SCRATCH_BYTES))
  }

  /**
   * Whoever had a strip in hand: it is done, or nobody wants it any more. To wake the engine costs more than to look
   * whether it has to be: it may need the core that somebody works on.
   */
  finish(strip: number): void {
    const tells = this.#control[this.#words + TELLS] !== 0
    Atomics.store(this.#control, this.#states + strip, DONE)
    if (tells || this.#isDone()) this.ring()
  }

  /** Tells the engine that there is news. */
  ring(): void {
    Atomics.add(this.#control, this.bell, 1)
    Atomics.notify(this.#control, this.bell)
  }

  /** From the end on, since strips are taken from the start. */
  #isDone(): boolean {
    for (let strip = this.#strips(); strip-- > 0; ) if (this.#state(strip) !== DONE) return false
    return true
  }

  #strips(): number {
    return Atomics.load(this.#control, this.#words + STRIPS)
  }

  #state(strip: number): number {
    return Atomics.load(this.#control, this.#states + strip)
  }
}

/** Engine: wakes the workers that sleep, and has those that are about to look once more. */
export function wake(control: Int32Array): void {
  Atomics.add(control, WAKE, 1)
  Atomics.notify(control, WAKE)
}
