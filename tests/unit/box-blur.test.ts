// A mean is rounded once and half up, also where it lies as near to a half as it can. An image as large as the window,
// wrapped, has one mean: that of all its pixels.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { boxBlur } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { allBackends } from '../helpers/backends.js'
import { random } from '../helpers/images.js'

// Up to 63 quotients are f32, from 64 on f64; from 128 on sums do not fit f32.
const RADII = [1, 5, 40, 62, 63, 64, 100, 128, 255]
const LEVELS = [0, 1, 2, 77, 127, 128, 253, 254]
/** A GPU that is a program on the CPU takes too long over larger ones. */
const LARGEST_ON_GPU = 20

let backends: { name: string; backend: Backend }[] = []
beforeAll(async () => {
  backends = (await allBackends()).filter(({ name }) => name === 'wasm inline' || name.startsWith('webgpu'))
})
afterAll(() => Promise.all(backends.map(({ backend }) => backend.close())))

async function expectAll(image: Image, radius: number, expected: readonly number[]): Promise<void> {
  for (const { name, backend } of backends) {
    if (name.startsWith('webgpu') && radius > LARGEST_ON_GPU) continue
    const { data } = (await backend.run({ image, steps: [boxBlur({ radius, border: 'wrap' })] })).image
    const wrong = data.findIndex((value, i) => value !== expected[i % image.channels])
    expect(wrong, `${name}, radius ${radius}, expected ${expected}, got ${data[wrong]} at byte ${wrong}`).toBe(-1)
  }
}

test.each(RADII)('means of one channel beside a half, radius %i', async (radius) => {
  const side = 2 * radius + 1
  const n = side * side
  for (const level of LEVELS) {
    for (const more of [(n - 1) / 2, (n + 1) / 2]) {
      const data = new Uint8ClampedArray(n).fill(level).fill(level + 1, n - more)
      await expectAll({ width: side, height: side, channels: 1, data }, radius, [more > n / 2 ? level + 1 : level])
    }
  }
})

test.each(RADII)('means weighed by alpha on a half and beside it, radius %i', async (radius) => {
  const side = 2 * radius + 1
  const n = side * side
  const next = random(radius)
  const half = Uint8Array.from({ length: (n - 1) / 2 }, () => 1 + Math.floor(next() * 255))
  for (const [index, level] of LEVELS.entries()) {
    // The same alphas on both halves; the pixel between them tips the scales by its alpha of 0 or 1.
    for (const [alpha, high] of [[0, true], [1, false], [1, true]] as const) {
      const data = new Uint8ClampedArray(n * 4)
      for (let i = 0; i < n; i++) {
        const isMiddle = i === half.length
        const value = i > half.length || (isMiddle && high) ? level + 1 : level
        data.set([value, level, 255 - value, isMiddle ? alpha : (half[i % (half.length + 1)] as number)], i * 4)
      }
      const mean = Math.floor((2 * (2 * half.reduce((sum, a) => sum + a, 0) + alpha) + n) / (2 * n))
      // A half is rounded up, in the third channel too, where the levels go the other way.
      const up = alpha === 0 || high
      await expectAll({ width: side, height: side, channels: 4, data }, radius, [
        up ? level + 1 : level,
        level,
        alpha === 0 ? 255 - level : 255 - (up ? level + 1 : level),
        mean,
      ])
    }
    if (radius > 100 && index > 2) break
  }
})
