// Calls that do not fit the budget together take turns; one that does not fit alone is an error.
import { afterEach, expect, test } from 'vitest'
import { MemoryQueue } from '../../src/backends/memory-queue.js'
import { MemoryError } from '../../src/errors.js'
import { type Engine, createEngine, gaussianBlur, invert, rotate90 } from '../../src/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

const BUDGET_BYTES = 12 * 2 ** 20
const image = makeImage(800, 600, 4)
const steps = [gaussianBlur({ sigma: 5 }), rotate90()]

let engine: Engine
const open = async (): Promise<Engine> => (engine = await createEngine({ threads: 2, memoryBudgetBytes: BUDGET_BYTES, gpu: false }))
afterEach(() => engine.close())

test('more calls at once than the budget holds', async () => {
  const { apply } = { apply: (await open()).apply.bind(engine) }
  const expected = await apply(image, steps, { backend: 'reference' })
  const results = await Promise.all(Array.from({ length: 12 }, () => apply(image, steps, { backend: 'wasm' })))
  for (const result of results) expect(difference(result, expected)).toBeUndefined()
  expect(engine.stats().arenaBytesUsed).toBe(0)
  expect(engine.stats().arenaBytesReserved).toBeLessThanOrEqual(BUDGET_BYTES + 65536)
})

test('a call that waits can be aborted', async () => {
  await open()
  const running = engine.apply(image, steps, { backend: 'wasm' })
  const reason = new Error('enough')
  const controllers = Array.from({ length: 6 }, () => new AbortController())
  const waiting = controllers.map(({ signal }) => engine.apply(image, steps, { backend: 'wasm', signal }))
  await new Promise((resolve) => setTimeout(resolve, 1))
  for (const controller of controllers) controller.abort(reason)
  for (const { status } of await Promise.allSettled(waiting)) expect(status).toMatch(/rejected|fulfilled/)
  await running
  expect(difference(await engine.apply(image, [invert()]), await engine.apply(image, [invert()], { backend: 'reference' }))).toBeUndefined()
  expect(engine.stats().arenaBytesUsed).toBe(0)
})

test('a call that waits for memory rejects as soon as it is aborted, and does not begin again', async () => {
  const queue = new MemoryQueue()
  let end = (): void => {}
  const running = queue.run(() => new Promise<void>((resolve) => (end = resolve)), undefined)
  const reason = new Error('enough')
  const controller = new AbortController()
  let begun = 0
  const full = async (): Promise<void> => {
    begun++
    throw new MemoryError('full')
  }
  const waiting = queue.run(full, controller.signal)
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  await expect(queue.run(full, controller.signal)).rejects.toBe(reason)
  expect(begun).toBe(2)
  end()
  await running
  expect(begun).toBe(2)
}, 5000)

test('what does not fit alone is an error at once, others running or not', async () => {
  await open()
  const large = makeImage(2200, 1500, 4)
  await expect(engine.apply(large, steps, { backend: 'wasm' })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
  const small = engine.apply(image, steps, { backend: 'wasm' })
  await expect(engine.apply(large, steps, { backend: 'wasm' })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
  await small
})
