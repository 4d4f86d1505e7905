// What filters do with alpha: opaque images stay opaque, and transparent pixels lend their colour to nobody.
import { describe, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { boxBlur, gaussianBlur, resize } from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { describeStep, stepsOf } from '../helpers/steps.js'

const SIZE = { width: 45, height: 31, channels: 4, format: 'u8' } as const
const apply = async (image: ReturnType<typeof makeImage>, steps: Parameters<typeof referenceBackend.run>[0]['steps']) =>
  (await referenceBackend.run({ image, steps })).image

describe.each(filters.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  test('an opaque image stays opaque where the definition says so', async () => {
    for (const step of stepsOf(definition)) {
      if (definition.fits?.(step.values, SIZE) !== undefined || definition.keepsOpaque?.(step.values) === false) continue
      const { channels, data } = await apply(makeImage(45, 31, 4, 'opaque-noise'), [step])
      if (channels === 4) expect(data.every((value, i) => i % 4 !== 3 || value === 255), describeStep(step)).toBe(true)
    }
  })

  test('three channels give the bytes of the opaque image with four', async () => {
    for (const step of stepsOf(definition)) {
      if (definition.fits?.(step.values, SIZE) !== undefined) continue
      const rgb = makeImage(45, 31, 3)
      const rgba = makeImage(45, 31, 4, 'full')
      for (let i = 0; i < 45 * 31; i++) rgba.data.set(rgb.data.subarray(i * 3, i * 3 + 3), i * 4)
      const three = await apply(rgb, [step])
      const four = await apply(rgba, [step])
      if (four.channels !== 4) {
        expect(difference(three, four), describeStep(step)).toBeUndefined()
        continue
      }
      const colours = four.data.filter((_value, i) => i % 4 !== 3)
      expect(difference(three, { ...four, channels: 3, data: colours }), describeStep(step)).toBeUndefined()
    }
  })
})

test.each([
  ['gaussianBlur', gaussianBlur({ sigma: 3 })],
  ['large gaussianBlur', gaussianBlur({ sigma: 9 })],
  ['boxBlur', boxBlur({ radius: 4 })],
  ['resize', resize({ width: 20, height: 13 })],
])('%s bleeds no colour out of transparent pixels', async (_, step) => {
  // Opaque black beside transparent white: every pixel that can be seen has to be black.
  const image = makeImage(40, 26, 4, 'zeros')
  for (let i = 0; i < 40 * 26; i++) image.data.set(i % 40 < 20 ? [0, 0, 0, 255] : [255, 255, 255, 0], i * 4)
  const { data } = await apply(image, [step])
  for (let i = 0; i < data.length; i += 4) if ((data[i + 3] as number) > 0) expect([data[i], data[i + 1], data[i + 2]]).toEqual([0, 0, 0])
})
