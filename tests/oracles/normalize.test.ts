// The percentile stretch against its definition by sorting, and what may follow it.
import { expect, test } from 'vitest'
import { luminance, normalize, sepia } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { compile } from '../../src/plan.js'
import { makeImage, random } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'

/** The ends of the stretch: what is left of the sorted levels when the given shares are taken off both ends. */
function ends(levels: Uint8ClampedArray, lower: number, upper: number): { lo: number; hi: number } {
  const sorted = [...levels].sort((a, b) => a - b)
  const n = BigInt(sorted.length)
  const off = (percent: number): number => Number((BigInt(Math.round(percent * 1000)) * n) / 100_000n)
  return { lo: sorted[off(lower)] as number, hi: sorted[sorted.length - 1 - off(100 - upper)] as number }
}

const narrow = (image: Image, seed: number): Image => {
  const next = random(seed)
  return { ...image, data: image.data.map((level, i) => (i % image.channels === 3 ? level : 60 + level * 0.4 + 20 * next())) }
}

test('levels between the percentiles of luminance fill the range', async () => {
  for (const channels of [1, 4] as const) {
    for (const [lower, upper] of [[1, 99], [0, 100], [12.345, 67.891], [99, 100], [0, 1]] as const) {
      const image = narrow(makeImage(83, 31, channels, 'noise', 5), 6)
      const { lo, hi } = ends((await reference(image, luminance())).data, lower, upper)
      const { data } = await reference(image, normalize({ lower, upper }))
      const off = Array.from(image.data, (level, i) => {
        const exact = i % channels === 3 || hi <= lo ? level : Math.min(255, Math.max(0, ((level - lo) * 255) / (hi - lo)))
        return Math.abs((data[i] as number) - exact)
      })
      expect(Math.max(...off), `${channels} channels, ${lower} to ${upper}`).toBeLessThanOrEqual(0.5)
    }
  }
})

test('an image of one level stays as it is', async () => {
  const flat: Image = { width: 5, height: 4, channels: 1, data: new Uint8ClampedArray(20).fill(93) }
  expect((await reference(flat, normalize())).data).toEqual(flat.data)
})

test('all four channels go on: a step that needs colour may follow', () => {
  const plan = compile([normalize(), sepia(), luminance()], { width: 9, height: 9, channels: 4, format: 'u8' }, false)
  expect(plan.nodes[plan.result]?.shape.channels).toBe(1)
  expect(() => normalize({ lower: 50, upper: 50 })).toThrow('normalize: expected lower to be less than upper, got 50 and 50')
})
