// Histogram equalisation against OpenCV's arithmetic, which is in floats.
import { expect, test } from 'vitest'
import { equalize } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { random } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'

const { fround } = Math

function halfToEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}

/** cv::equalizeHist: scale = 255.f / (total - hist[lowest]); level = saturate_cast<uchar>(sum * scale). */
function openCv(counts: readonly number[], total: number): number[] {
  const lowest = counts.findIndex((count) => count > 0)
  const rest = total - (counts[lowest] as number)
  if (rest === 0) return counts.map((_, level) => level)
  const scale = fround(255 / rest)
  let sum = 0
  return counts.map((count, level) => {
    if (level <= lowest) return 0
    sum += count
    return Math.min(255, halfToEven(fround(fround(sum) * scale)))
  })
}

/** Levels that are `power` times rarer at the dark end; all of them, or some. */
function image(width: number, height: number, seed: number, power: number, step: number): Image {
  const next = random(seed)
  const data = Uint8ClampedArray.from({ length: width * height }, () => step * Math.floor((256 / step) * next() ** power))
  return { width, height, channels: 1, data }
}

test('the levels of OpenCV, but for its float error at halves', async () => {
  let compared = 0
  for (const [index, [width, height]] of ([[1, 1], [7, 3], [64, 64], [301, 211], [500, 333]] as const).entries()) {
    for (const power of [0.3, 1, 3]) {
      for (const step of [1, 5, 64]) {
        const source = image(width, height, 10 * index + power, power, step)
        const counts = new Array<number>(256).fill(0)
        for (const level of source.data) counts[level]!++
        const expected = openCv(counts, source.data.length)
        const rest = source.data.length - (counts.find((count) => count > 0) as number)
        let sum = -source.data.length + rest
        const { data } = await reference(source, equalize())
        for (let level = 0; level < 256; level++) {
          sum += counts[level] as number
          if (counts[level] === 0) continue
          compared++
          const got = data[source.data.indexOf(level)] as number
          const exact = rest === 0 ? level : (255 * sum) / rest
          const isHalf = Math.abs(exact - Math.floor(exact) - 0.5) < 1e-4
          expect(Math.abs(got - (expected[level] as number)), `${width} x ${height}, level ${level}, exactly ${exact}`).toBeLessThanOrEqual(isHalf ? 1 : 0)
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(2500)
})
