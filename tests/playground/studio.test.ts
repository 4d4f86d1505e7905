// What the playground's worker does, where that needs no page.
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { histogramOf } from '../../playground/studio/histogram.js'
import { Latest } from '../../playground/studio/latest.js'
import { PlacedError, checkChain } from '../../playground/studio/limits.js'
import { encodePng } from '../../playground/studio/png.js'
import { crop, grayscale, invert, luminance, resize } from '../../src/filters/factories.js'
import { makeImage } from '../helpers/images.js'

test.each([1, 3, 4] as const)('a PNG has exactly the pixels, with %i channels', async (channels) => {
  for (const [width, height] of [[1, 1], [37, 23], [300, 2]] as const) {
    const image = makeImage(width, height, channels, 'noise', width)
    const file = Buffer.from(await (await encodePng(image)).arrayBuffer())
    const { data, info } = await sharp(file).toColourspace(channels === 1 ? 'b-w' : 'srgb').raw().toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width, height, channels })
    expect(new Uint8ClampedArray(data)).toEqual(image.data)
  }
})

test('a histogram counts every pixel of a small picture, and evenly spread ones of a large picture', () => {
  const small = histogramOf(makeImage(64, 4, 4, 'gradient'))
  expect(small.every).toBe(1)
  expect(small.counts.map((levels) => levels.reduce((a, b) => a + b, 0))).toEqual([256, 256, 256])
  expect(histogramOf(makeImage(8, 8, 1, 'full'))).toMatchObject({ mean: 255, every: 1 })

  // Stripes as wide as the distance between samples would be, if that were a divisor of the width.
  const [width, height] = [1200, 1200]
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => ((i % width) % 6 < 3 ? 255 : 0))
  const large = histogramOf({ width, height, channels: 1, data })
  expect(large.every).toBeGreaterThan(5)
  expect(large.mean).toBeCloseTo(127.5, 0)
})

test('a chain is refused before anything is allocated, at the step that is at fault', () => {
  const image = { width: 400, height: 300, channels: 4, data: new Uint8ClampedArray() } as const
  const faultOf = (...steps: Parameters<typeof checkChain>[1]): unknown => {
    try {
      checkChain(image, steps)
      return undefined
    } catch (error) {
      expect(error).toBeInstanceOf(PlacedError)
      return (error as PlacedError).step
    }
  }
  expect(faultOf()).toBeUndefined()
  expect(faultOf(invert(), crop({ left: 0, top: 0, width: 400, height: 300 }))).toBeUndefined()
  expect(faultOf(invert(), crop({ left: 1, top: 0, width: 400, height: 300 }))).toBe(1)
  expect(faultOf(luminance(), grayscale())).toBeUndefined()
  expect(faultOf(resize({ width: 100, height: 100 }), resize({ width: 16_000, height: 16_000 }), invert())).toBe(1)
  expect(faultOf(resize({ width: 1 << 20, height: 1 }))).toBe(0)
  expect(faultOf(resize({ width: 16_000, height: 16_000 }), crop({ left: 0, top: 0, width: 1, height: 1 }))).toBe(0)
})

/** Jobs that end when they are told to, or when they are aborted. */
function bench() {
  let time = 0
  const log: string[] = []
  let end = (): void => {}
  const latest = new Latest<string>(
    (job, signal) =>
      new Promise((resolve) => {
        log.push(`start ${job}`)
        signal.addEventListener('abort', () => (log.push(`abort ${job}`), resolve()))
        end = () => (log.push(`end ${job}`), resolve())
      }),
    () => time,
  )
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  return {
    log,
    latest,
    async at(milliseconds: number, act: () => void) {
      time = milliseconds
      act()
      await settle()
    },
    end: () => end(),
  }
}

test('a newer wish ends the work in hand while results are fresh, and only the newest is done', async () => {
  const { log, latest, at, end } = bench()
  await at(0, () => latest.want('a'))
  await at(10, end)
  await at(20, () => latest.want('b'))
  await at(30, () => latest.want('c'))
  await at(31, () => latest.want('d'))
  await at(40, end)
  expect(log).toEqual(['start a', 'end a', 'start b', 'abort b', 'start c', 'abort c', 'start d', 'end d'])
})

test('where nothing was shown for a while the work in hand may end, unless it takes too long', async () => {
  const { log, latest, at, end } = bench()
  await at(0, () => latest.want('a'))
  await at(400, () => latest.want('b'))
  await at(450, () => latest.want('c'))
  await at(500, end)
  expect(log).toEqual(['start a', 'end a', 'start c'])
  await at(1500, () => latest.want('d'))
  expect(log.slice(3)).toEqual(['abort c', 'start d'])
  await at(1510, () => latest.stop())
  expect(log.at(-1)).toBe('abort d')
})
