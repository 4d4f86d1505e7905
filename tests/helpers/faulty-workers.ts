// Workers that die where a test wants it. A test file that uses them begins with
//   vi.mock('node:worker_threads', async (original) => (await import('../helpers/faulty-workers.js')).withFaults(await original()))
import type * as threads from 'node:worker_threads'

export const faults = {
  /** JavaScript that the so manieth worker, counted from 0, runs before it begins to work. */
  script: (_started: number): string => '',
  started: 0,
  /** Workers that have ended, in whatever way. */
  ended: 0,
}

export function resetFaults(): void {
  Object.assign(faults, { script: () => '', started: 0, ended: 0 })
}

export function withFaults(actual: typeof threads): typeof threads {
  class FaultyWorker extends actual.Worker {
    constructor(source: string | URL, options?: threads.WorkerOptions) {
      if (options?.eval !== true) throw new Error('expected workers to be made from text, which a fault can stand before')
      // What a worker that hoards has filled soon.
      const resourceLimits = { maxOldGenerationSizeMb: 32 }
      super(`${faults.script(faults.started++)};\n${String(source)}`, { ...options, resourceLimits })
      this.once('exit', () => faults.ended++)
    }
  }
  return { ...actual, Worker: FaultyWorker }
}

/** The worker dies instead of its `at`th access, counted from 1, that changes shared memory, or notifies, or waits. */
export const dieAtAccess = (at: number): string => `{
  let left = ${at}
  const free = -1
  for (const name of ['compareExchange', 'store', 'add', 'notify', 'wait']) {
    const original = Atomics[name]
    Atomics[name] = (...values) => {
      const counts = name !== 'compareExchange' || Atomics.load(values[0], values[1]) === free
      if (counts && --left === 0) for (;;) process.exit(1)
      return original.apply(Atomics, values)
    }
  }
}`

const EXIT = 'for (;;) process.exit(1)'
/** What it asks for is nowhere. */
export const HOARD = 'for (const hoard = []; ; ) hoard.push(new Array(1e5).fill(0.5))'

/** The worker dies in, or after, the first strip for which \`when\`, JavaScript that knows y0 and y1, is true. */
export const dieInStrip = (when: string, share: 'half' | 'whole', how = EXIT): string => `{
  const { Instance } = WebAssembly
  WebAssembly.Instance = function (...values) {
    const { run, ...rest } = new Instance(...values).exports
    return { exports: { ...rest, run(job, y0, y1, scratch) {
      if (!(${when})) return run(job, y0, y1, scratch)
      run(job, y0, ${share === 'whole' ? 'y1' : '(y0 + y1 + 1) >> 1'}, scratch)
      ${how}
    } } }
  }
}`
