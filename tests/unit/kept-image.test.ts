// Images that stay where they were made, from call to call.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { type Engine, type KeptImage, createEngine, gaussianBlur, invert, luminance, rotate90, sobel } from '../../src/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { leftOut } from '../helpers/left-out.js'

let engine: Engine
let hasGpu = false

beforeAll(async () => {
  engine = await createEngine({ threads: 2 })
  const gpu = await WebgpuBackend.open()
  hasGpu = typeof gpu !== 'string'
  if (typeof gpu === 'string') leftOut('webgpu', gpu)
  else await gpu.close()
})
afterAll(() => engine.close())

/** What a test keeps, so that nothing is left where it fails. */
const kept: KeptImage[] = []
afterEach(() => {
  for (const image of kept.splice(0)) image.dispose()
})
const keep = async (image: Promise<KeptImage>): Promise<KeptImage> => {
  kept.push(await image)
  return image
}

describe.each(['wasm', 'webgpu', 'reference'] as const)('on %s', (backend) => {
  test.each([1, 3, 4] as const)('a chain in two calls gives the bytes of one, with %i channels', async (channels, context?: unknown) => {
    if (backend === 'webgpu' && !hasGpu) return (context as { skip(why: string): void }).skip('webgpu is missing')
    const image = makeImage(61, 43, channels)
    const first = [gaussianBlur({ sigma: 2, border: 'constant' }), rotate90()]
    const second = [sobel(), invert()]
    const half = await keep(engine.apply(image, first, { backend, keep: true }))
    const whole = await engine.apply(image, [...first, ...second], { backend: 'reference' })
    expect(half).toMatchObject({ width: 43, height: 61, channels, run: { backend } })
    expect(difference(await engine.apply(half, second, { backend }), whole)).toBeUndefined()
    const again = await keep(engine.apply(half, second, { backend, keep: true }))
    expect(difference(await again.read(), whole)).toBeUndefined()
    // The first is as it was.
    expect(difference(await half.read(), await engine.apply(image, first, { backend: 'reference' }))).toBeUndefined()
  })

  test.each([1, 3, 4] as const)('images of the engine are read and written, with %i channels', async (channels, context?: unknown) => {
    if (backend === 'webgpu' && !hasGpu) return (context as { skip(why: string): void }).skip('webgpu is missing')
    const image = makeImage(61, 43, channels)
    using source = engine.createImage(61, 43, channels)
    using into = engine.createImage(61, 43, channels)
    source.data.set(image.data)
    await engine.apply(source, [gaussianBlur({ sigma: 2 })], { backend, into })
    expect(difference(into, await engine.apply(image, [gaussianBlur({ sigma: 2 })], { backend: 'reference' }))).toBeUndefined()
  })

  test('a copy is a copy', async (context) => {
    if (backend === 'webgpu' && !hasGpu) return context.skip('webgpu is missing')
    const image = makeImage(20, 10, 4)
    const one = await keep(engine.apply(image, [], { backend, keep: true }))
    const other = await keep(engine.apply(one, [], { backend, keep: true }))
    one.dispose()
    image.data.fill(7)
    expect(difference(await other.read(), makeImage(20, 10, 4))).toBeUndefined()
  })
})

test('an image goes from one backend to another', async (context) => {
  if (!hasGpu) return context.skip('webgpu is missing')
  const image = makeImage(50, 40, 4)
  const onGpu = await keep(engine.upload(image, { backend: 'webgpu' }))
  const expected = await engine.apply(image, [luminance()], { backend: 'reference' })
  const onWasm = await keep(engine.apply(onGpu, [luminance()], { backend: 'wasm', keep: true }))
  expect(onWasm.run.backend).toBe('wasm')
  expect(difference(await engine.apply(onWasm, [], { backend: 'webgpu' }), expected)).toBeUndefined()
})

test('what is on the GPU is filtered there unless told otherwise', async (context) => {
  if (!hasGpu) return context.skip('webgpu is missing')
  const onGpu = await keep(engine.upload(makeImage(50, 40, 4), { backend: 'webgpu' }))
  const { run } = await engine.apply(onGpu, [invert()])
  expect(run).toMatchObject({ backend: 'webgpu', reason: 'the image is on the GPU' })
})

test('memory comes back: by dispose, by using, and twice is once', async (context) => {
  if (!hasGpu) return context.skip('webgpu is missing')
  const image = makeImage(300, 200, 4)
  const before = engine.stats()
  for (let round = 0; round < 30; round++) {
    for (const backend of ['wasm', 'webgpu'] as const) {
      using made = await engine.apply(image, [invert()], { backend, keep: true })
      made.dispose()
    }
  }
  const after = engine.stats()
  expect(after.arenaBytesUsed).toBe(before.arenaBytesUsed)
  expect(after.gpuBytesAllocated - before.gpuBytesAllocated).toBeLessThan(6 * image.data.length)
})

test('a disposed image says so', async () => {
  const made = await engine.apply(makeImage(5, 5, 4), [invert()], { backend: 'wasm', keep: true })
  made.dispose()
  await expect(made.read()).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
  await expect(engine.apply(made, [invert()])).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
})

test('keep and into exclude each other', async () => {
  const image = makeImage(5, 5, 4)
  await expect(engine.apply(image, [], { keep: true, into: image })).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
})

test('the budget holds on the GPU', async (context) => {
  if (!hasGpu) return context.skip('webgpu is missing')
  const small = await createEngine({ threads: 0, memoryBudgetBytes: 2 ** 20 })
  try {
    await expect(small.apply(makeImage(600, 500, 4), [invert()], { backend: 'webgpu' })).rejects.toMatchObject({ code: 'ERR_MEMORY' })
  } finally {
    await small.close()
  }
})

test.each(['wasm', 'webgpu'] as const)('images that are kept on %s count, until they are disposed', async (backend, context?: unknown) => {
  if (backend === 'webgpu' && !hasGpu) return (context as { skip(why: string): void }).skip('webgpu is missing')
  await using small = await createEngine({ threads: 0, memoryBudgetBytes: 2 ** 22 })
  const image = makeImage(256, 256, 4)
  const many: KeptImage[] = []
  const fill = async (): Promise<void> => {
    for (;;) many.push(await keep(small.apply(image, [invert()], { backend, keep: true })))
  }
  await expect(fill()).rejects.toMatchObject({ code: 'ERR_MEMORY' })
  expect(many.length).toBeGreaterThan(4)
  expect(many.length).toBeLessThanOrEqual(16)
  for (const one of many) one.dispose()
  await keep(small.apply(image, [invert()], { backend, keep: true }))
})

test('where there are no canvases, results say so', async () => {
  const result = await engine.apply(makeImage(5, 5, 4), [invert()])
  expect(() => result.toImageData()).toThrow(/no ImageData here/)
})

test('a device of the caller\'s is used and not destroyed', async (context) => {
  const { resources } = (await WebgpuBackend.open()) as WebgpuBackend
  if (!hasGpu) return context.skip('webgpu is missing')
  const { device } = resources
  const own = await createEngine({ gpu: device, threads: 0 })
  const image = makeImage(31, 17, 4)
  const result = await own.apply(image, [invert()], { backend: 'webgpu' })
  expect(difference(result, await own.apply(image, [invert()], { backend: 'reference' }))).toBeUndefined()
  await own.close()
  const late = await Promise.race([device.lost.then(() => 'lost'), new Promise((resolve) => setTimeout(resolve, 50, 'alive'))])
  expect(late).toBe('alive')
  device.destroy()
})
