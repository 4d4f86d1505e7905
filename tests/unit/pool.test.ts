// A worker that dies, or cannot live here at all, fails no call.
import { afterEach, expect, test, vi } from 'vitest'
import { platform } from '#platform'
import { referenceBackend } from '../../src/backends/reference.js'
import * as protocol from '../../src/backends/wasm/protocol.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import type { Pool } from '../../src/backends/wasm/pool.js'
import { gaussianBlur } from '../../src/filters/factories.js'
import type { WorkerHandle } from '../../src/platform/platform.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

const image = makeImage(600, 400, 4)
const steps = [gaussianBlur({ sigma: 3 })]
const expected = referenceBackend.run({ image, steps })
let backend: WasmBackend | undefined

const open = async (): Promise<WasmBackend> => {
  backend = await WasmBackend.open({ threads: 2, rowsPerStrip: 3, inlineWork: 0, memoryBudgetBytes: 2 ** 28 })
  return backend
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
  const { pool } = (await open()) as { pool: Pool }
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
  await vi.waitFor(() => expect(handles.length).toBeGreaterThan(2))
})

test('where workers cannot live, the caller\'s thread does the work', async () => {
  let started = 0
  vi.spyOn(platform, 'startWorker').mockImplementation(({ onExit }) => {
    started++
    setTimeout(() => onExit(new Error('workers are forbidden here')), 1)
    return { post: () => {}, ref: () => {}, terminate: async () => {} }
  })
  const { pool } = (await open()) as { pool: Pool }
  const { image: actual } = await (backend as WasmBackend).run({ image, steps })
  expect(difference(actual, (await expected).image)).toBeUndefined()
  expect(started).toBeGreaterThan(1)
  expect(pool.failure?.message).toBe('workers are forbidden here')
})

test('a call ends that is aborted when every strip that was taken is done', async () => {
  // A worker that takes one strip and then is slow to take another: all that is taken is done.
  let started = 0
  vi.spyOn(platform, 'startWorker').mockImplementation(({ data }) => {
    if (++started === 1) {
      setTimeout(() => {
        const control = new Int32Array((data as protocol.SharedWorkerData).memory.buffer, 0, protocol.CONTROL_BYTES / 4)
        const slot = protocol.slotAt(0)
        Atomics.add(control, slot + protocol.NEXT, 1)
        Atomics.add(control, slot + protocol.DONE, 1)
        Atomics.notify(control, slot + protocol.DONE)
      }, 1)
    }
    return { post: () => {}, ref: () => {}, terminate: async () => {} }
  })
  const controller = new AbortController()
  const reason = new Error('enough')
  const call = (await open()).run({ image, steps, signal: controller.signal, onProgress: () => controller.abort(reason) })
  await expect(call).rejects.toBe(reason)
}, 5000)
