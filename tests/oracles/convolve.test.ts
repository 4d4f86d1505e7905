// convolve against the sum in doubles, written from its formula, and against sharp.
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { convolve, emboss, sharpen } from '../../src/filters/factories.js'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'
import { makeImage, random } from '../helpers/images.js'

const run = (image: Image, step: Step): Image => step.filter.reference(image, step.values)

/** The largest distance of a colour value from the sum in doubles, clamped but not rounded. Borders are replicated. */
function distance(actual: Image, image: Image, width: number, height: number, weights: readonly number[], offset: number): number {
  let largest = 0
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = offset
        for (let j = 0; j < height; j++) {
          for (let i = 0; i < width; i++) {
            const sx = Math.min(image.width - 1, Math.max(0, x + i - (width - 1) / 2))
            const sy = Math.min(image.height - 1, Math.max(0, y + j - (height - 1) / 2))
            sum += (weights[j * width + i] as number) * (image.data[(sy * image.width + sx) * 4 + c] as number)
          }
        }
        const expected = Math.min(255, Math.max(0, sum))
        largest = Math.max(largest, Math.abs((actual.data[(y * image.width + x) * 4 + c] as number) - expected))
      }
    }
  }
  return largest
}

test('within half a level, and what 16 bits lose, of the sum in doubles', () => {
  const next = random(5)
  const image = makeImage(23, 19, 4, 'noise', 5)
  let largest = 0
  for (let size = 1; size <= 15; size += 2) {
    for (const height of [1, size]) {
      const kernel = Array.from({ length: size * height }, () => Math.round((next() * 4 - 2) * 100) / 100)
      const actual = run(image, convolve({ width: size, height, kernel, scale: 3.7, offset: 40 }))
      largest = Math.max(largest, distance(actual, image, size, height, kernel.map((w) => w / 3.7), 40))
    }
  }
  console.log(`convolve: at most ${largest.toFixed(4)} levels from the sum in doubles`)
  expect(largest).toBeLessThan(0.75)
})

test('whole weights and fractions that are powers of 2 are exact', () => {
  const image = makeImage(23, 19, 4, 'noise', 6)
  const kernel = [1, 2, 1, 2, 4, 2, 1, 2, 1]
  expect(distance(run(image, convolve({ kernel, scale: 16 })), image, 3, 3, kernel.map((w) => w / 16), 0)).toBeLessThanOrEqual(0.5)
  const edges = [-1, -1, -1, -1, 8, -1, -1, -1, -1]
  expect(distance(run(image, convolve({ kernel: edges, offset: 100 })), image, 3, 3, edges, 100)).toBe(0)
  expect(distance(run(image, sharpen({ amount: 2 })), image, 3, 3, [0, -2, 0, -2, 9, -2, 0, -2, 0], 0)).toBe(0)
  expect(distance(run(image, emboss({ amount: 2 })), image, 3, 3, [-4, -2, 0, -2, 1, 2, 0, 2, 4], 0)).toBe(0)
})

test('flat areas keep their level where the weights sum to 1', () => {
  const next = random(9)
  for (let i = 0; i < 20; i++) {
    // Large weights have few fractional bits, so that an inexact sum shows.
    const others = Array.from({ length: 8 }, () => next() * 1000 - 500)
    const centre = 1 - others.reduce((total, w) => total + w, 0)
    const kernel = [...others.slice(0, 4), centre, ...others.slice(4)]
    if (Math.abs(centre) > 1000) continue
    const image = { ...makeImage(9, 9, 4), data: new Uint8ClampedArray(9 * 9 * 4).fill(10 * i + 3) }
    expect(run(image, convolve({ kernel })).data).toEqual(image.data)
  }
})

test('as sharp, within a level', async () => {
  const image = makeImage(41, 29, 3, 'noise', 8)
  const withAlpha = makeImage(41, 29, 4)
  for (let i = 0; i < 41 * 29; i++) withAlpha.data.set([...image.data.subarray(i * 3, i * 3 + 3), 255], i * 4)
  for (const [width, height, scale] of [[3, 3, 4], [5, 3, 6], [7, 7, 31]] as const) {
    const next = random(width * height)
    const kernel = Array.from({ length: width * height }, () => Math.floor(next() * 9) - 3)
    const raw = { width: image.width, height: image.height, channels: 3 as const }
    const expected = await sharp(image.data, { raw }).convolve({ width, height, kernel, scale, offset: 20 }).raw().toBuffer()
    const actual = run(withAlpha, convolve({ width, height, kernel, scale, offset: 20 }))
    let largest = 0
    for (let i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((expected[i] as number) - (actual.data[Math.floor(i / 3) * 4 + (i % 3)] as number)))
    }
    expect(largest, `${width} x ${height}`).toBeLessThanOrEqual(1)
  }
})
