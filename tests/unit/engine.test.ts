import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, createEngine, crop, equalize, flip, gaussianBlur, invert, luminance, sobel, threshold } from '../../src/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ threads: 2 })
})
afterAll(() => engine.close())

const edges = [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })]

test('a chain gives the same bytes from every backend and says how it ran', async () => {
  const image = makeImage(300, 200, 4)
  const expected = await engine.apply(image, edges, { backend: 'reference' })
  const actual = await engine.apply(image, edges)
  expect(difference(actual, expected)).toBeUndefined()
  expect(actual).toMatchObject({ width: 300, height: 200, channels: 1 })
  expect(actual.run).toMatchObject({ backend: 'wasm', passes: 1 })
  expect(actual.run.bytesMoved).toBe(300 * 200 * 5)
})

test('rows that no step needs are not copied', async () => {
  const image = makeImage(100, 80, 4)
  const cut = crop({ left: 10, top: 30, width: 50, height: 10 })
  const alone = await engine.apply(image, [cut], { backend: 'wasm' })
  expect(alone.run.bytesMoved).toBe(100 * 10 * 4 + 50 * 10 * 4)
  for (const steps of [[cut], [sobel(), cut], [gaussianBlur({ sigma: 1 }), cut, flip()], [equalize(), cut]]) {
    const actual = await engine.apply(image, steps, { backend: 'wasm' })
    expect(difference(actual, await engine.apply(image, steps, { backend: 'reference' }))).toBeUndefined()
  }
})

test('three channels stay three', async () => {
  const result = await engine.apply(makeImage(31, 7, 3), [invert()])
  expect(result.channels).toBe(3)
  expect(result.data.length).toBe(31 * 7 * 3)
})

test('no steps copy the image', async () => {
  const image = makeImage(31, 7, 4)
  const result = await engine.apply(image, [])
  expect(result.data).toEqual(image.data)
  expect(result.data).not.toBe(image.data)
})

test('resident images are read and written in place', async () => {
  const image = makeImage(64, 64, 4)
  using source = engine.createImage(64, 64, 4)
  using target = engine.createImage(64, 64, 4)
  source.data.set(image.data)
  const result = await engine.apply(source, [invert()], { into: target })
  expect(result.data).toBe(target.data)
  expect(result.run.bytesMoved).toBe(0)
  expect(target.data[0]).toBe(255 - (image.data[0] as number))
})

test('new images are blank, also where others have been', async () => {
  const used = engine.createImage(90, 90, 4)
  used.data.fill(7)
  used.dispose()
  using next = engine.createImage(80, 80, 4)
  expect(next.data.every((value) => value === 0)).toBe(true)
})

test('into may be the source itself', async () => {
  const image = makeImage(64, 64, 4)
  using both = engine.createImage(64, 64, 4)
  both.data.set(image.data)
  await engine.apply(both, [gaussianBlur({ sigma: 3 })], { into: both })
  expect(both.data).toEqual((await engine.apply(image, [gaussianBlur({ sigma: 3 })])).data)
})

test('memory returns to where it was', async () => {
  const before = engine.stats().arenaBytesUsed
  for (let i = 0; i < 20; i++) await engine.apply(makeImage(100 + i, 90, 4), edges)
  expect(engine.stats().arenaBytesUsed).toBe(before)
})

test('an aborted call rejects with the reason, and the next one is right', async () => {
  const image = makeImage(1500, 1200, 4)
  const reason = new Error('enough')
  const controller = new AbortController()
  const call = engine.apply(image, [gaussianBlur({ sigma: 9 })], { signal: controller.signal, onProgress: () => controller.abort(reason) })
  await expect(call).rejects.toBe(reason)
  const small = makeImage(90, 80, 4)
  const { data } = await engine.apply(small, edges)
  expect(data).toEqual((await engine.apply(small, edges, { backend: 'reference' })).data)
})

test('many calls at once', async () => {
  const image = makeImage(700, 500, 4)
  const expected = await engine.apply(image, edges)
  const results = await Promise.all(Array.from({ length: 50 }, () => engine.apply(image, edges)))
  for (const result of results) expect(difference(result, expected)).toBeUndefined()
})

test('explain names the choice and the passes', async () => {
  const explanation = await engine.explain({ width: 3840, height: 2160, channels: 4 }, edges)
  expect(explanation).toMatchObject({ backend: 'wasm', width: 3840, height: 2160, channels: 1 })
  expect(explanation.wasm).toEqual([['luminance', 'gaussian_blur_y', 'gaussian_blur_x', 'sobel', 'line']])
  expect(explanation.webgpu).toEqual([['luminance', 'gaussian_blur_y'], ['gaussian_blur_x'], ['sobel', 'line']])
})

test('closing waits for a call, however early that is', async () => {
  const own = await createEngine({ threads: 1, gpu: false })
  const call = own.apply(makeImage(900, 700, 4), edges, { backend: 'wasm' })
  await own.close()
  expect((await call).run.backend).toBe('wasm')
})

test('a closed engine says so', async () => {
  const other = await createEngine({ threads: 1 })
  await other.close()
  await expect(other.apply(makeImage(2, 2, 4), [invert()])).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
})
