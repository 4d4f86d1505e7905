// Resizing has a loop of its own for halves, for copies, for few taps and for many, with one channel and with four:
// ragged sizes through all of them, on every backend.
import { afterAll, beforeAll, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import type { Step } from '../../src/filters/define.js'
import { gaussianBlur, invert, resize, sobel } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { allBackends } from '../helpers/backends.js'
import { makeImage } from '../helpers/images.js'
import { expectSameBytes } from '../helpers/same-bytes.js'

const KERNELS = ['lanczos3', 'lanczos2', 'bicubic', 'mitchell', 'bilinear', 'box', 'nearest'] as const

let backends: { name: string; backend: Backend }[] = []
let cases = 0

beforeAll(async () => {
  backends = await allBackends()
})

afterAll(async () => {
  console.log(`resize: ${cases} images compared byte for byte, on ${backends.map(({ name }) => name).join('; ')}`)
  await Promise.all(backends.map(({ backend }) => backend.close()))
})

async function compare(image: Image, steps: readonly Step[]): Promise<void> {
  cases += await expectSameBytes(backends, image, steps)
}

test('halves by a box', async () => {
  for (let width = 1; width <= 36; width++) {
    const channels = ([1, 3, 4] as const)[width % 3] as 1 | 3 | 4
    for (const content of ['noise', 'opaque-noise'] as const) {
      await compare(makeImage(2 * width, 6, channels, content, width), [resize({ width, height: 3, kernel: 'box' })])
    }
  }
})

test('halves by a triangle', async () => {
  for (let width = 1; width <= 36; width++) {
    const channels = ([1, 3, 4] as const)[width % 3] as 1 | 3 | 4
    for (const content of ['noise', 'opaque-noise'] as const) {
      const image = makeImage(2 * width, 10, channels, content, width)
      for (const height of [5, 7, 10]) await compare(image, [resize({ width, height, kernel: 'bilinear' })])
      await compare(image, [resize({ width: 2 * width, height: 5, kernel: 'bilinear' })])
    }
  }
})

test.each(KERNELS)('%s to ragged sizes', async (kernel) => {
  let seed = 0
  for (const from of [1, 2, 5, 23, 38]) {
    for (const to of [1, 3, 4, 14, 38, 67]) {
      const channels = ([1, 4, 3] as const)[seed++ % 3] as 1 | 3 | 4
      const content = seed % 2 === 0 ? 'noise' : 'opaque-noise'
      // One axis alone, then both.
      await compare(makeImage(from, 9, channels, content, seed), [resize({ width: to, height: 9, kernel })])
      await compare(makeImage(9, from, channels, content, seed), [resize({ width: 9, height: to, kernel })])
      await compare(makeImage(from, 31 - (from % 30), channels, content, seed), [resize({ width: to, height: 70 - to, kernel })])
    }
  }
})

test('in a chain', async () => {
  const image = makeImage(61, 47, 4, 'noise', 2)
  for (const kernel of KERNELS) {
    await compare(image, [sobel(), resize({ width: 30, height: 90, kernel }), gaussianBlur({ sigma: 1.5, border: 'reflect' }), resize({ width: 77, height: 20, kernel }), invert()])
  }
})
