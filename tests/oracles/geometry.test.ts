// Flips and turns against index arithmetic, against each other, and streamed between other steps.
import { afterAll, describe, expect, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { referenceBackend } from '../../src/backends/reference.js'
import type { Step } from '../../src/filters/define.js'
import { brightness, crop, flip, flop, gaussianBlur, luminance, rotate90, unsharpMask } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { wasmBackends } from '../helpers/backends.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

const wasm = await wasmBackends(0, 2)
const backends: { name: string; backend: Backend }[] = [{ name: 'reference', backend: referenceBackend }, ...wasm]
afterAll(() => Promise.all(wasm.map(({ backend }) => backend.close())))

const SIZES = [[1, 1], [1, 9], [9, 1], [16, 16], [17, 33], [70, 131], [130, 67]] as const

/** An image whose pixels say where they are. */
function places(width: number, height: number, channels: 1 | 3 | 4): Image {
  const image = makeImage(width, height, channels, 'noise', 1)
  image.data.forEach((_, i) => {
    const pixel = Math.floor(i / channels)
    image.data[i] = [pixel, pixel >> 8, 7 * pixel, 5 * pixel + 1][i % channels]! & 255
  })
  return image
}

const pixel = ({ data, width, channels }: Image, x: number, y: number): number[] => {
  const at = (y * width + x) * channels
  return [...data.subarray(at, at + channels)]
}

describe.each(backends)('$name', ({ backend }) => {
  const run = async (image: Image, ...steps: readonly Step[]): Promise<Image> => (await backend.run({ image, steps })).image
  const same = (a: Image, b: Image): void => expect(difference(a, b)).toBeUndefined()

  test('every pixel is where it belongs', async () => {
    for (const channels of [1, 3, 4] as const) {
      for (const [width, height] of SIZES) {
        const image = places(width, height, channels)
        const [down, mirrored, once, twice, thrice] = (await Promise.all(
          [flip(), flop(), rotate90(), rotate90({ turns: 2 }), rotate90({ turns: 3 })].map((step) => run(image, step)),
        )) as [Image, Image, Image, Image, Image]
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const [right, bottom] = [width - 1 - x, height - 1 - y]
            // Clockwise, the top left corner goes to the top right.
            const found = [pixel(down, x, bottom), pixel(mirrored, right, y), pixel(once, bottom, x), pixel(twice, right, bottom), pixel(thrice, y, right)]
            const here = pixel(image, x, y).join()
            if (found.some((other) => other.join() !== here)) expect.fail(`${width} x ${height} x ${channels}: x ${x}, y ${y}`)
          }
        }
      }
    }
  })

  test('there and back again', async () => {
    for (const channels of [1, 3, 4] as const) {
      for (const [width, height] of SIZES) {
        const image = makeImage(width, height, channels, 'noise', width)
        const quarter = rotate90()
        same(await run(image, flip(), flip()), image)
        same(await run(image, flop(), flop()), image)
        same(await run(image, quarter, quarter, quarter, quarter), image)
        same(await run(image, quarter, rotate90({ turns: 3 })), image)
        same(await run(image, rotate90({ turns: 2 }), flip(), flop()), image)
        same(await run(image, quarter, flop()), await run(image, flip(), quarter))
      }
    }
  })

  test('a chain gives what its steps give one by one', async () => {
    const chains = [
      [rotate90(), gaussianBlur({ sigma: 3 }), rotate90({ turns: 3 })],
      [gaussianBlur(), rotate90({ turns: 3 }), brightness({ amount: 1.4 }), unsharpMask()],
      [flip(), gaussianBlur({ border: 'wrap' }), flop()],
      [luminance(), rotate90(), gaussianBlur({ sigma: 2, border: 'reflect' }), flip()],
      [crop({ left: 2, top: 3, width: 60, height: 50 }), rotate90(), crop({ left: 5, top: 0, width: 40, height: 60 }), rotate90({ turns: 2 })],
    ]
    for (const steps of chains) {
      for (const channels of [3, 4] as const) {
        const image = makeImage(90, 75, channels, channels === 4 ? 'noise' : 'opaque-noise', 3)
        let expected = image
        for (const step of steps) expected = (await referenceBackend.run({ image: expected, steps: [step] })).image
        same(await run(image, ...steps), expected)
      }
    }
  })

  test('a blur after a turn sees every pixel that is not opaque', async () => {
    // In the first strip, in the last, in the middle, and nowhere.
    for (const place of [0, 99, 5050, -1]) {
      for (const turns of [1, 3]) {
        const image = makeImage(100, 101, 4, 'opaque-noise', 9)
        if (place >= 0) image.data[4 * place + 3] = 0
        const steps = [rotate90({ turns }), gaussianBlur({ sigma: 2 })]
        same(await run(image, ...steps), (await referenceBackend.run({ image, steps })).image)
      }
    }
  })
})
