// A worker may die at any instruction: no strip is lost, none counts twice, and no call waits for ever.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import type { Pool } from '../../src/backends/wasm/pool.js'
import { BackendError } from '../../src/errors.js'
import { equalize, gaussianBlur, normalize } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { HOARD, dieAtAccess, dieInStrip, faults, resetFaults } from '../helpers/faulty-workers.js'
import { makeImage } from '../helpers/images.js'

vi.mock('node:worker_threads', async (original) => (await import('../helpers/faulty-workers.js')).withFaults(await original()))

/** Strips of 5 rows: 8 in each phase. A reduction would count twice what is run twice, if strips were not pure. */
const image = makeImage(60, 40, 4)
const steps = [gaussianBlur({ sigma: 1 }), equalize(), normalize()]
const expected = referenceBackend.run({ image, steps })
let backend: WasmBackend & { readonly pool: Pool }

const open = async (threads: number): Promise<typeof backend> => {
  backend = (await WasmBackend.open({ threads, rowsPerStrip: 5, inlineWork: 0, memoryBudgetBytes: 2 ** 24 })) as typeof backend
  return backend
}

async function expectRightBytes(onProgress?: () => void): Promise<void> {
  const { image: actual } = await backend.run({ image, steps, onProgress })
  expect(difference(actual, (await expected).image)).toBeUndefined()
  expect(backend.arena.bytesUsed).toBe(0)
}

beforeEach(resetFaults)
afterEach(() => backend.close())

/** What a worker does in a phase: it starts, takes strips and marks them done, and rings and notifies after the last, or after each that is told of. */
const ACCESSES = [
  { onProgress: undefined, count: 1 + 2 * 8 + 2 },
  { onProgress: () => {}, count: 1 + 4 * 8 },
]

describe.each([1, 2])('%i workers, the first of which dies', (threads) => {
  const cases = ACCESSES.flatMap(({ onProgress, count }) => Array.from({ length: count + 2 }, (_, index) => ({ at: index + 1, onProgress, told: onProgress !== undefined })))
  test.each(cases)('instead of its access number $at, strips told of: $told', async ({ at, onProgress }) => {
    faults.script = (started) => (started === 0 ? dieAtAccess(at) : '')
    await open(threads)
    await expectRightBytes(onProgress)
    // With two workers the other one may have done what this one should have died of.
    if (threads === 1) await vi.waitFor(() => expect(faults.ended).toBe(1))
    await expectRightBytes(onProgress)
    expect(backend.pool.workers).toBe(threads)
  })

  test.each(['half', 'whole'] as const)('when it has run %s of a strip', async (share) => {
    faults.script = (started) => (started === 0 ? dieInStrip('true', share) : '')
    await open(threads)
    await expectRightBytes()
    if (threads === 1) expect(faults.ended).toBe(1)
    await expectRightBytes()
    expect(backend.pool.workers).toBe(threads)
  })

  test('of its memory, in a strip', async () => {
    faults.script = (started) => (started === 0 ? dieInStrip('true', 'half', HOARD) : '')
    const { pool } = await open(threads)
    await expectRightBytes()
    if (threads === 1) expect(pool.failure).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' })
    await expectRightBytes()
    expect(pool.workers).toBe(threads)
  })

  test('in every phase, twice', async () => {
    // Each dies of two strips, and each strip is the end of two: of a third the call would fail.
    faults.script = (started) => (started < 6 ? dieInStrip(`y0 === ${5 * started} || y0 === ${5 * started + 5}`, 'half') : '')
    await open(threads)
    await expectRightBytes()
    await expectRightBytes()
    expect(faults.ended).toBeGreaterThan(2)
  })
})

describe('a strip that ends every worker', () => {
  test('is run three times, and then the call fails and says why', async () => {
    faults.script = () => dieInStrip('y0 === 20', 'half')
    await open(2)
    const error: unknown = await backend.run({ image, steps }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BackendError)
    expect((error as Error).message).toMatch(/strip 4 ended 3 workers.*exited with code 1/)
    expect((error as Error).cause).toMatchObject({ message: 'the worker exited with code 1' })
    expect(backend.arena.bytesUsed).toBe(0)
    faults.script = () => ''
    await expectRightBytes()
    expect(backend.pool.workers).toBe(2)
  })

  test('is run again twice', async () => {
    faults.script = (started) => (started < 2 ? dieInStrip('y0 === 20', 'half') : '')
    await open(1)
    await expectRightBytes()
    expect(faults.ended).toBe(2)
  })
})

test('a kernel that traps fails its own call and no other', async () => {
  const { pool } = await open(2)
  const job = 2 ** 32 - 64 // no such address
  const traps = Array.from({ length: 3 }, () => pool.run({ job, rows: 40, rowsPerStrip: 5, scratch: 0, scratchBytes: 0 }))
  const others = Array.from({ length: 5 }, () => expectRightBytesOf(backend))
  for (const trap of await Promise.allSettled(traps)) {
    expect(trap).toMatchObject({ status: 'rejected', reason: { code: 'ERR_BACKEND', message: expect.stringMatching(/strip \d ended 3 workers.*out of bounds/) } })
    expect((trap as PromiseRejectedResult).reason.cause).toMatchObject({ message: expect.stringContaining('out of bounds') })
  }
  await Promise.all(others)
  await expectRightBytes()
  expect(pool.workers).toBe(2)
})

/** The same for calls that run beside others. */
async function expectRightBytesOf(backend: WasmBackend): Promise<void> {
  const { image: actual } = await backend.run({ image, steps })
  expect(difference(actual, (await expected).image)).toBeUndefined()
}
