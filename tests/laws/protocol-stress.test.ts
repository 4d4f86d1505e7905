// Many calls at once, of both priorities, aborted and with workers killed at random moments: whatever completes has the
// right bytes, whatever was aborted says so, nothing hangs, and all memory and workers come back.
// ISOPIX_STRESS=n runs n rounds instead of a few; each prints its seed where it fails.
import { afterEach, expect, test, vi } from 'vitest'
import { platform } from '#platform'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { SLOT_COUNT } from '../../src/backends/wasm/protocol.js'
import { BackendError } from '../../src/errors.js'
import { boxBlur, equalize, gaussianBlur, invert, median, normalize, resize, rotate90, sobel } from '../../src/filters/factories.js'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'
import type { WorkerHandle } from '../../src/platform/platform.js'
import { difference } from '../helpers/compare.js'
import { makeImage, random } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'

const ROUNDS = Number(process.env['ISOPIX_STRESS'] ?? 8)
const CALLS = 60
/** Long enough for any machine; a round takes a second. */
const HUNG_MS = 60_000

/** Chains with one phase and with several, with reductions, with few rows and with many. */
const TASKS: readonly { readonly image: Image; readonly steps: readonly Step[] }[] = [
  { image: makeImage(300, 200, 4, 'noise', 1), steps: [gaussianBlur({ sigma: 3 })] },
  { image: makeImage(120, 340, 4, 'opaque-noise', 2), steps: [equalize(), sobel()] },
  { image: makeImage(256, 256, 1, 'gradient', 3), steps: [median({ radius: 2 }), normalize()] },
  { image: makeImage(90, 70, 3, 'noise', 4), steps: [resize({ width: 200, height: 150 }), boxBlur({ radius: 4 })] },
  { image: makeImage(64, 500, 4, 'gradient', 5), steps: [rotate90({ turns: 1 }), normalize(), invert()] },
  { image: makeImage(5, 7, 4, 'noise', 6), steps: [invert()] },
]
const expected = Promise.all(TASKS.map(({ image, steps }) => reference(image, ...steps)))

const { waitAsync } = Atomics
afterEach(() => {
  vi.restoreAllMocks()
  Reflect.set(Atomics, 'waitAsync', waitAsync)
})

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The workers of a backend, by the order of their start. */
function watchWorkers(): Set<WorkerHandle> {
  const living = new Set<WorkerHandle>()
  const start = platform.startWorker
  vi.spyOn(platform, 'startWorker').mockImplementation((options) => {
    const handle = start({
      ...options,
      onExit(error) {
        living.delete(handle)
        options.onExit(error)
      },
    })
    living.add(handle)
    return handle
  })
  return living
}

interface Counts {
  completed: number
  aborted: number
  failed: number
  killed: number
}

async function stress(seed: number, counts: Counts): Promise<void> {
  // All that is random is drawn before anything runs, but for who is killed when.
  const next = random(seed)
  const below = (n: number): number => Math.floor(next() * n)
  const nextKill = random(seed + 1000)
  const threads = 1 + below(3)
  const living = watchWorkers()
  const backend = await WasmBackend.open({ threads, rowsPerStrip: 1 + below(20), bandBytes: 2 ** (10 + below(12)), inlineWork: 0, memoryBudgetBytes: 2 ** 29 })
  if (seed % 4 === 0) Reflect.set(Atomics, 'waitAsync', undefined)
  const reason = new Error('enough')
  let isOver = false

  const kill = async (): Promise<void> => {
    while (!isOver) {
      await sleep(nextKill() * 60)
      const victims = [...living]
      const victim = victims[Math.floor(nextKill() * victims.length)]
      if (victim === undefined || isOver) continue
      counts.killed++
      await victim.terminate()
    }
  }
  const call = async (): Promise<void> => {
    const task = below(TASKS.length)
    const { image, steps } = TASKS[task] as (typeof TASKS)[number]
    const controller = new AbortController()
    const { signal } = controller
    const priority = next() < 0.5 ? 'batch' : 'interactive'
    const abort = (): void => controller.abort(reason)
    const fate = next()
    const fraction = next()
    const start = below(100)
    const end = below(50)
    const onProgress = (done: number): void => {
      if (fate < 0.15 && done >= fraction) abort()
    }
    await sleep(start)
    if (fate >= 0.15 && fate < 0.3) setTimeout(abort, end)
    if (fate >= 0.3 && fate < 0.33) abort()
    try {
      const { image: actual } = await backend.run({ image, steps, priority, signal, onProgress })
      const wrong = difference(actual, (await expected)[task] as Image)
      if (wrong !== undefined) expect.fail(`call of task ${task}: ${wrong}`)
      counts.completed++
    } catch (error) {
      if (error === reason) counts.aborted++
      else if (error instanceof BackendError && /ended 3 workers/.test(error.message)) counts.failed++
      else throw error
    }
  }
  const killer = next() < 0.8 ? kill() : undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const hung = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('some call never ends')), HUNG_MS)
  })
  await Promise.race([Promise.all(Array.from({ length: CALLS }, call)), hung])
  clearTimeout(timer)
  isOver = true
  await killer

  expect(backend.arena.bytesUsed).toBe(0)
  await backend.run(TASKS[0] as (typeof TASKS)[number])
  // Where all were killed before they had begun, workers are given up for this thread.
  expect(backend.workers).toBe(backend.threading.name === 'inline' ? 0 : threads)
  expect(backend.arena.bytesUsed).toBe(0)
  await backend.close()
  expect(living.size).toBe(0)
}

test('random calls, aborts and deaths', async () => {
  expect(CALLS).toBeGreaterThan(SLOT_COUNT)
  const counts = { completed: 0, aborted: 0, failed: 0, killed: 0 }
  for (let seed = 1; seed <= ROUNDS; seed++) {
    await stress(seed, counts).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    })
    vi.restoreAllMocks()
    Reflect.set(Atomics, 'waitAsync', waitAsync)
  }
  console.log(`stress: ${ROUNDS} rounds of ${CALLS} calls: ${JSON.stringify(counts)}`)
  for (const kind of ['completed', 'aborted', 'killed'] as const) expect(counts[kind], kind).toBeGreaterThan(ROUNDS)
}, HUNG_MS * (ROUNDS + 1))
