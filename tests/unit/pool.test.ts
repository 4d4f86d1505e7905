// A worker that dies, or cannot live here at all, fails no call.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { platform } from '#platform'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend, type WasmOptions } from '../../src/backends/wasm/backend.js'
import type { Pool, PoolJob } from '../../src/backends/wasm/pool.js'
import { phases } from '../../src/backends/wasm/phases.js'
import { workOf } from '../../src/backends/wasm/strips.js'
import { emboss, equalize, gaussianBlur, median, sobel } from '../../src/filters/factories.js'
import { compile } from '../../src/plan.js'
import type { WorkerHandle } from '../../src/platform/platform.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { jobOf, manualPool, settle } from '../helpers/manual-pool.js'

const image = makeImage(600, 400, 4)
const steps = [gaussianBlur({ sigma: 3 })]
const expected = referenceBackend.run({ image, steps })
let backend: WasmBackend | undefined

/** One whose memory is shared with its workers. */
type Shared = WasmBackend & { readonly pool: Pool }

const open = async (options: Partial<WasmOptions> = { rowsPerStrip: 3 }): Promise<Shared> => {
  backend = await WasmBackend.open({ threads: 2, inlineWork: 0, memoryBudgetBytes: 2 ** 29, ...options })
  return backend as Shared
}

afterEach(async () => {
  vi.restoreAllMocks()
  await backend?.close()
})

/** Lets a test see the workers that are started. */
function watchWorkers(): WorkerHandle[] {
  const handles: WorkerHandle[] = []
  const start = platform.startWorker
  vi.spyOn(platform, 'startWorker').mockImplementation((options) => {
    const handle = start(options)
    handles.push(handle)
    return handle
  })
  return handles
}

test('workers start with the first call that needs them, and are kept', async () => {
  const handles = watchWorkers()
  const { pool } = await open()
  expect(pool.workers).toBe(0)
  for (let i = 0; i < 3; i++) await (backend as WasmBackend).run({ image, steps })
  expect(handles).toHaveLength(2)
  expect(pool.workers).toBe(2)
})

test('a worker that is killed in mid-call is replaced, and its strip is run again', async () => {
  const handles = watchWorkers()
  await open()
  await (backend as WasmBackend).run({ image, steps })
  for (let round = 0; round < 5; round++) {
    let killed = false
    const onProgress = (): void => {
      if (killed) return
      killed = true
      void (handles.at(-1) as WorkerHandle).terminate()
    }
    const { image: actual } = await (backend as WasmBackend).run({ image, steps, onProgress })
    expect(killed).toBe(true)
    expect(difference(actual, (await expected).image)).toBeUndefined()
  }
  // A worker may outlive the calls that it was killed in.
  await vi.waitFor(async () => {
    await (backend as WasmBackend).run({ image, steps })
    expect(handles.length).toBeGreaterThan(2)
  })
})

test('news that do not wake the engine are found all the same', async () => {
  await open()
  vi.spyOn(Atomics, 'waitAsync').mockReturnValue({ async: true, value: new Promise(() => {}) })
  const { image: actual } = await (backend as WasmBackend).run({ image, steps })
  expect(Atomics.waitAsync).toHaveBeenCalled()
  expect(difference(actual, (await expected).image)).toBeUndefined()
})

test('workers that die while nothing is to be done are replaced by the next call, however often', async () => {
  const handles = watchWorkers()
  const { pool } = await open()
  for (let round = 0; round < 8; round++) {
    const { image: actual } = await (backend as WasmBackend).run({ image, steps })
    expect(difference(actual, (await expected).image)).toBeUndefined()
    await Promise.all(handles.splice(0).map((handle) => handle.terminate()))
    await vi.waitFor(() => expect(pool.workers).toBe(0))
  }
})

test('the engine is woken for the last strip, and for the others where somebody wants to know', async () => {
  for (const [onStrip, calls] of [[undefined, [0, 0, 1]], [vi.fn(), [1, 1, 1]]] as const) {
    const { pool, runStrip } = manualPool()
    const call = pool.run(jobOf(1, 3, { onStrip }))
    await settle()
    const notify = vi.spyOn(Atomics, 'notify')
    for (const count of calls) {
      notify.mockClear()
      runStrip(0)
      expect(notify).toHaveBeenCalledTimes(count)
    }
    await call
    notify.mockRestore()
  }
})

test('a strip that was done before a worker died says that workers can live here', async () => {
  const { pool, runStrip, die, started } = manualPool(1)
  const call = pool.run(jobOf(1, 2))
  await settle()
  for (let deaths = 0; deaths < 2; deaths++) die(0)
  runStrip(0)
  die(0)
  expect(started()).toBe(4)
  runStrip(0)
  await call
})

describe('where workers cannot live', () => {
  let started = 0
  beforeEach(() => {
    started = 0
    vi.spyOn(platform, 'startWorker').mockImplementation(({ onExit }) => {
      started++
      setTimeout(() => onExit(new Error('workers are forbidden here')), 1)
      return { post: () => {}, ref: () => {}, terminate: async () => {} }
    })
  })

  test('the caller\'s thread does the work', async () => {
    const { pool } = await open()
    for (let round = 0; round < 2; round++) {
      const { image: actual } = await (backend as WasmBackend).run({ image, steps })
      expect(difference(actual, (await expected).image)).toBeUndefined()
    }
    expect(started).toBeGreaterThan(1)
    expect(pool.failure?.message).toBe('workers are forbidden here')
  })

  test('others get a word in between its strips', async () => {
    await open()
    const controller = new AbortController()
    const fractions: number[] = []
    const onProgress = (fraction: number): void => {
      fractions.push(fraction)
      if (fractions.length === 5) controller.abort(new Error('enough'))
    }
    // Strips that take no time need no pause: this takes a tenth of a second.
    const large = makeImage(2400, 1500, 4, 'opaque-noise')
    const long = { image: large, steps: [median({ radius: 4 })], onProgress, signal: controller.signal }
    // Not `rejects`: where it ends after all, a picture of so many bytes would be printed.
    const ended = await (backend as WasmBackend).run(long).then(() => 'to its end', (error: Error) => error.message)
    expect(ended).toBe('enough')
    expect(fractions.at(-1)).toBeLessThan(0.5)
  })

  test('a kernel that traps fails its own call and no other', async () => {
    const { pool } = await open()
    const trap = pool.run({ job: 2 ** 32 - 64, rows: 9, rowsPerStrip: 3, scratch: 0, scratchBytes: 0 })
    const call = (backend as WasmBackend).run({ image, steps })
    await expect(trap).rejects.toMatchObject({ code: 'ERR_BACKEND', message: expect.stringContaining('out of bounds') })
    expect(difference((await call).image, (await expected).image)).toBeUndefined()
  })
})

test('a worker that dies and cannot be replaced leaves its work to the caller\'s thread', async () => {
  const start = platform.startWorker
  let started = 0
  vi.spyOn(platform, 'startWorker').mockImplementation((options) => {
    if (started++ > 0) throw new Error('there are no more threads')
    const worker = start(options)
    setTimeout(() => void worker.terminate(), 1)
    return worker
  })
  const { pool } = await open({ threads: 1, rowsPerStrip: 1 })
  for (let round = 0; round < 2; round++) {
    const { image: actual } = await (backend as WasmBackend).run({ image, steps })
    expect(difference(actual, (await expected).image)).toBeUndefined()
  }
  expect(pool.workers).toBe(0)
}, 10_000)

describe('without Atomics.waitAsync', () => {
  const { waitAsync } = Atomics
  beforeEach(() => void Reflect.set(Atomics, 'waitAsync', undefined))
  afterEach(() => void Reflect.set(Atomics, 'waitAsync', waitAsync))

  test('the engine still hears of strips, deaths and aborts', async () => {
    const handles = watchWorkers()
    await open()
    for (let round = 0; round < 3; round++) {
      const { image: actual } = await (backend as WasmBackend).run({ image, steps, onProgress: () => void handles.pop()?.terminate() })
      expect(difference(actual, (await expected).image)).toBeUndefined()
    }
    const controller = new AbortController()
    const call = (backend as WasmBackend).run({ image, steps, signal: controller.signal, onProgress: () => controller.abort() })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('whose strip is next', () => {
  /** The jobs whose strips a worker takes, one after the other. */
  const take = (manual: ReturnType<typeof manualPool>, worker: number, count: number): number[] => {
    const jobs: number[] = []
    for (let i = 0; i < count; i++) manual.runStrip(worker, (job) => jobs.push(job))
    return jobs
  }
  const [LARGE, SMALL, OTHER] = [1, 2, 3]

  test('rows in order', async () => {
    const manual = manualPool()
    void manual.pool.run(jobOf(LARGE, 5))
    await settle()
    const rows: number[] = []
    for (let i = 0; i < 5; i++) manual.runStrip(i % 2, (_, y0) => rows.push(y0))
    expect(rows).toEqual([0, 1, 2, 3, 4])
  })

  test('a preview is done after a few strips of a large batch job', async () => {
    const manual = manualPool()
    void manual.pool.run(jobOf(LARGE, 1000, { priority: 'batch' }))
    await settle()
    for (const before of [0, 1, 2, 3, 4, 5]) {
      take(manual, 0, before)
      take(manual, 1, 2 * before)
      const preview = manual.pool.run(jobOf(SMALL, 8))
      await settle()
      const taken: number[] = []
      while (taken.filter((job) => job === SMALL).length < 8) taken.push(...take(manual, 0, 1), ...take(manual, 1, 1))
      // At most one for each worker, and one for every four strips of the preview.
      expect(taken.filter((job) => job === LARGE).length).toBeLessThanOrEqual(2 + 2)
      await preview
    }
  })

  test('batch jobs get every fifth strip', async () => {
    const manual = manualPool()
    void manual.pool.run(jobOf(LARGE, 1000, { priority: 'batch' }))
    void manual.pool.run(jobOf(OTHER, 1000))
    await settle()
    const taken = take(manual, 0, 50)
    for (let from = 0; from < 45; from++) expect(taken.slice(from, from + 5).filter((job) => job === LARGE)).toHaveLength(1)
  })

  test('jobs of the same priority take turns', async () => {
    const manual = manualPool()
    for (const job of [LARGE, SMALL, OTHER]) void manual.pool.run(jobOf(job, 100))
    await settle()
    const taken = take(manual, 0, 30)
    for (let from = 0; from < 27; from++) expect(new Set(taken.slice(from, from + 3)).size).toBe(3)
  })

  test('as many batch jobs as there may be keep nobody waiting', async () => {
    const manual = manualPool()
    for (let i = 0; i < 40; i++) void manual.pool.run(jobOf(LARGE, 10, { priority: 'batch' }))
    await settle()
    const preview = manual.pool.run(jobOf(SMALL, 2))
    await settle()
    expect(take(manual, 0, 4).filter((job) => job === SMALL)).toHaveLength(2)
    await preview
  })
})

test('a strip of 100 megapixels takes some milliseconds, not more', async () => {
  const side = 10_000
  const large = { width: side, height: side, channels: 1, data: new Uint8ClampedArray(side * side) } as const
  const { pool } = await open({})
  const run = vi.spyOn(pool, 'run').mockResolvedValue()
  for (const step of [gaussianBlur({ sigma: 3 }), sobel(), emboss(), median({ radius: 10 })]) {
    run.mockClear()
    await (backend as WasmBackend).run({ image: large, steps: [step] })
    const found = phases(compile([step], { ...large, format: 'u8' }, false)).map(workOf)
    const jobs = run.mock.calls.map(([job]) => job)
    expect(jobs.length).toBe(found.length)
    for (const [index, work] of found.entries()) {
      const { rows, rowsPerStrip } = jobs[index] as PoolJob
      // Windows of many rows need strips of as many, or else most of the work is done twice.
      expect((work * rowsPerStrip) / rows).toBeLessThan(step.filter.name === 'median' ? 10e6 : 4.5e6)
    }
  }
})

test('an image may be higher than there are strips', async () => {
  const high = makeImage(3, 5000, 4)
  const steps = [gaussianBlur({ sigma: 1 }), equalize()]
  await open({ rowsPerStrip: 1 })
  const { image: actual } = await (backend as WasmBackend).run({ image: high, steps })
  expect(difference(actual, (await referenceBackend.run({ image: high, steps })).image)).toBeUndefined()
})
