// Images that pass the adapter's limits are cut into bands, which must not show.
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { bandsOf } from '../../src/backends/webgpu/bands.js'
import { passes } from '../../src/backends/webgpu/passes.js'
import { BORDERS } from '../../src/border.js'
import { boxBlur, crop, equalize, erode, gaussianBlur, luminance, sobel, unsharpMask } from '../../src/filters/factories.js'
import type { Step } from '../../src/filters/define.js'
import { compile } from '../../src/plan.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { leftOut } from '../helpers/left-out.js'
import { describeStep } from '../helpers/steps.js'

const rowsOf = (steps: readonly Step[], maxBytes: number) => {
  const plan = compile(steps, { width: 100, height: 200, channels: 4, format: 'u8' }, false)
  const shapes = plan.nodes.map(({ shape }) => shape)
  return bandsOf(plan, passes(plan), shapes, plan.result, maxBytes)?.map((band) => [band.get(plan.result), band.get(0)])
}

test('an image that fits is one band', () => {
  expect(rowsOf([sobel()], 100 * 200 * 4)).toEqual([[{ from: 0, to: 200 }, { from: 0, to: 200 }]])
})

test('bands hold the rows that their windows need, inside the image', () => {
  expect(rowsOf([sobel()], 100 * 110 * 4)).toEqual([
    [{ from: 0, to: 100 }, { from: 0, to: 101 }],
    [{ from: 100, to: 200 }, { from: 99, to: 200 }],
  ])
  const [first] = rowsOf([crop({ left: 0, top: 50, width: 100, height: 100 })], 100 * 60 * 4) as object[][]
  expect(first).toEqual([{ from: 0, to: 50 }, { from: 50, to: 100 }])
})

test('what needs the whole image does not fit', () => {
  expect(rowsOf([equalize()], 100 * 110 * 4)).toBeUndefined()
  expect(rowsOf([gaussianBlur({ sigma: 2, border: 'wrap' })], 100 * 110 * 4)).toBeUndefined()
})

test('bands give the bytes of the whole', async (context) => {
  const gpu = await WebgpuBackend.open({ maxBufferBytes: 24_000 })
  if (typeof gpu === 'string') return context.skip(leftOut('webgpu', gpu))
  let strips = 0
  for (const border of BORDERS.filter((mode) => mode !== 'wrap')) {
    for (const channels of [1, 3, 4] as const) {
      const steps = [gaussianBlur({ sigma: 1, border, fill: '#10203040' }), sobel({ border }), unsharpMask({ sigma: 0.8 }), ...(channels === 3 && border === 'reflect' ? [erode({ radius: 5, border }), boxBlur({ radius: 5, border })] : []), ...(channels === 1 ? [] : [luminance()])]
      const image = makeImage(43, 130, channels, 'noise', 9)
      const { image: actual, strips: bands } = await gpu.run({ image, steps })
      const wrong = difference(actual, (await referenceBackend.run({ image, steps })).image)
      if (wrong !== undefined) expect.fail(`${steps.map(describeStep).join(' ')}, ${channels} channels: ${wrong}`)
      strips = Math.max(strips, bands)
    }
  }
  expect(strips).toBeGreaterThan(1)
  await expect(gpu.run({ image: makeImage(90, 90, 4), steps: [equalize()] })).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' })
  await gpu.close()
})

test('bands write to the image that they read when all of them are done', async (context) => {
  const gpu = await WebgpuBackend.open({ maxBufferBytes: 24_000 })
  if (typeof gpu === 'string') return context.skip(leftOut('webgpu', gpu))
  const image = makeImage(43, 400, 4, 'noise', 9)
  const steps = [boxBlur({ radius: 5 })]
  const controller = new AbortController()
  const same = { ...image, data: image.data.slice() }
  await expect(gpu.run({ image: same, steps, into: same, signal: controller.signal, onProgress: () => controller.abort() })).rejects.toThrow()
  expect(difference(same, image)).toBeUndefined()
  await gpu.run({ image: same, steps, into: same })
  expect(difference(same, (await referenceBackend.run({ image, steps })).image)).toBeUndefined()
  await gpu.close()
})
