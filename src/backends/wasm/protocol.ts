/**
 * The control block at the start of the shared memory, in words of 4 bytes: what the engine and its workers say
 * to each other while they work.
 *
 * A job is published in a slot by storing 0 in `next`, after everything else. Workers take strips by adding 1 to
 * `next`: what they get is theirs if it is below `strips`. A closed slot has CLOSED in `next`, so that what they
 * get from it never is. Each finished strip adds 1 to `done` and wakes the engine. A worker that finds nothing
 * waits on `wake`, whose value it read before it looked, so that no job is missed.
 */
export const WAKE = 0
export const STOP = 1
/** Which strip each worker has in hand: slot * 2^24 + strip + 1, or 0. */
export const CLAIMS = 16
export const MAX_WORKERS = 48
export const SLOTS = 64
export const SLOT_WORDS = 16
export const SLOT_COUNT = 32
export const CONTROL_BYTES = (SLOTS + SLOT_COUNT * SLOT_WORDS) * 4

/** Words of a slot. */
export const NEXT = 0
export const STRIPS = 1
export const DONE = 2
export const JOB = 3
export const ROWS = 4
export const ROWS_PER_STRIP = 5
export const SCRATCH = 6
export const SCRATCH_BYTES = 7

/** Far above any number of strips, and far from overflow however many workers add to it. */
export const CLOSED = 1 << 30
export const CLAIM_SLOT_BITS = 24

export const slotAt = (slot: number): number => SLOTS + slot * SLOT_WORDS

/** What a worker is started with, where memory can be shared. */
export interface SharedWorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly index: number
}

/** What a worker is started with: one without a memory makes its own, and is sent what it works on (transfer.ts). */
export type WorkerData = SharedWorkerData | { readonly module: WebAssembly.Module; readonly memory?: undefined }

/** The rows of one strip of the job in a slot. */
export function stripRows(control: Int32Array, slot: number, strip: number): { y0: number; y1: number } {
  const perStrip = Atomics.load(control, slotAt(slot) + ROWS_PER_STRIP)
  const y0 = strip * perStrip
  return { y0, y1: Math.min(y0 + perStrip, Atomics.load(control, slotAt(slot) + ROWS)) }
}

/** The functions of the kernels' module that are not kernels. */
export interface Kernels {
  readonly run: (job: number, y0: number, y1: number, scratch: number) => void
}
