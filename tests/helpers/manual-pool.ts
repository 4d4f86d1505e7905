// A pool whose workers do nothing by themselves: a test takes strips in their place, one at a time.
import { vi } from 'vitest'
import { platform } from '#platform'
import { Pool, type PoolJob } from '../../src/backends/wasm/pool.js'
import { CONTROL_BYTES, type Kernels, type SharedWorkerData, controlOf } from '../../src/backends/wasm/protocol.js'
import { stripRunner } from '../../src/backends/wasm/worker.js'

const PAGE_BYTES = 65536
const EMPTY_MODULE = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))

export interface ManualPool {
  readonly pool: Pool
  /** Takes a strip as a worker and runs it; \`during\` is called with the job and the first row. False where there is none. */
  runStrip(worker: number, during?: (job: number, y0: number) => void): boolean
  /** Ends a worker, as the platform would tell it. */
  die(worker: number, error?: Error): void
  /** How many workers were started. */
  readonly started: () => number
}

export function manualPool(threads = 2): ManualPool {
  const exits: ((error: Error | undefined) => void)[] = []
  let started = 0
  vi.spyOn(platform, 'startWorker').mockImplementation(({ data, onExit }) => {
    started++
    exits[(data as SharedWorkerData).index] = onExit
    return { post: () => {}, ref: () => {}, terminate: async () => {} }
  })
  const pages = Math.ceil(CONTROL_BYTES / PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  let report: (job: number, y0: number) => void = () => {}
  const kernels: Kernels = { run: (job, y0) => report(job, y0) }
  const runners = Array.from({ length: threads }, (_, index) => stripRunner(controlOf(memory), kernels, index))
  return {
    pool: new Pool(threads, memory, EMPTY_MODULE, kernels),
    runStrip(worker, during = () => {}) {
      report = during
      return (runners[worker] as () => boolean)()
    },
    die: (worker, error) => exits[worker]?.(error),
    started: () => started,
  }
}

/** A job of strips of one row. */
export const jobOf = (job: number, strips: number, rest: Partial<PoolJob> = {}): PoolJob => ({
  job,
  rows: strips,
  rowsPerStrip: 1,
  scratch: 0,
  scratchBytes: 0,
  ...rest,
})

/** Lets everything go on that waits for nothing but its turn. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

/** Whether a promise has settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const note = (): void => {
    settled = true
  }
  promise.then(note, note)
  await settle()
  return settled
}
