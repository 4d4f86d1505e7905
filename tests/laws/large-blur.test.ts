// Wide Gaussians are many stages, of several lengths and in two phases: all of it gives the reference's bytes on every
// backend, in strips of any height, whatever lies outside the image.
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { BORDERS } from '../../src/border.js'
import type { Step } from '../../src/filters/define.js'
import { gaussianBlur, invert, sepia, sobel, unsharpMask } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { allBackends } from '../helpers/backends.js'
import { makeImage } from '../helpers/images.js'
import { expectSameBytes } from '../helpers/same-bytes.js'

let backends: { name: string; backend: Backend }[] = []
let cases = 0

beforeAll(async () => {
  const strips = async (rowsPerStrip: number) => ({
    name: `wasm, 2 threads, strips of ${rowsPerStrip}`,
    backend: await WasmBackend.open({ threads: 2, rowsPerStrip, bandBytes: 4096, inlineWork: 0, memoryBudgetBytes: 2 ** 28 }),
  })
  backends = [...(await allBackends()), await strips(1), await strips(5)]
})

afterAll(async () => {
  console.log(`large blurs: ${cases} images compared byte for byte, on ${backends.map(({ name }) => name).join('; ')}`)
  await Promise.all(backends.map(({ backend }) => backend.close()))
})

async function compare(image: Image, steps: readonly Step[]): Promise<void> {
  cases += await expectSameBytes(backends, image, steps)
}

const SIZES = [[1, 1], [2, 3], [1, 40], [40, 1], [33, 17], [64, 47], [101, 83]] as const
const CHANNELS = [1, 4, 3, 4] as const

describe.each([6, 10, 40, 100])('sigma %d', (sigma) => {
  test.each(BORDERS)('%s', async (border) => {
    // A reflection of hundreds of pixels takes the reference long.
    for (const [index, [width, height]] of SIZES.slice(0, sigma < 40 ? 7 : 5).entries()) {
      const channels = CHANNELS[index % CHANNELS.length] as 1 | 3 | 4
      const content = index % 3 === 1 ? 'opaque-noise' : 'noise'
      for (const fill of border === 'constant' ? ['#4080c0', '#40c08060'] : ['#000']) {
        await compare(makeImage(width, height, channels, content, index + 1), [gaussianBlur({ sigma, border, fill })])
      }
    }
  })
})

test.each([0, 40])('an image of whose rows %d are not opaque', async (rows) => {
  // Strips that see opaque pixels only take the short way; the others do not.
  const image = makeImage(90, 400, 4, 'opaque-noise')
  for (let i = 0; i < 90 * rows; i++) image.data[i * 4 + 3] = i % 256
  for (const border of BORDERS) {
    for (const sigma of [2, 7]) {
      await compare(image, [gaussianBlur({ sigma, border })])
      await compare(image, [sepia(), gaussianBlur({ sigma, border }), invert()])
    }
  }
})

test('as part of a chain, and in an unsharp mask', async () => {
  const image = makeImage(83, 61, 4, 'noise', 3)
  const wide = (border: (typeof BORDERS)[number]): Step => gaussianBlur({ sigma: 9, border })
  for (const border of BORDERS) {
    await compare(image, [sepia(), wide(border), sobel({ border })])
    await compare(image, [gaussianBlur({ sigma: 2, border }), wide(border), gaussianBlur({ sigma: 6 }), invert()])
    await compare(image, [sobel(), unsharpMask({ sigma: 12, amount: 2, border }), unsharpMask({ sigma: 4, border })])
  }
})
