// What hardware would pay for: passes, buffers, pipelines, reads. The time of a GPU cannot be tested without one; these can.
import { describe, expect, test } from 'vitest'
import { CHAINS } from '../../bench/chains.js'
import { openCounter } from '../../bench/gpu/counts.js'
import type { Step } from '../../src/filters/define.js'
import {
  boxBlur, brightness, convolve, dilate, erode, gaussianBlur, luminance, saturate, sepia, sobel, solarize, threshold, unsharpMask,
} from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import { makeImage } from '../helpers/images.js'
import { stepsOf } from '../helpers/steps.js'

const counter = openCounter()
const image = makeImage(70, 50, 4)
const passesOf = async (...steps: readonly Step[]) => (await counter.count(image, steps)).second.passes
/** Words of pixels that all threads of a call read. */
async function readsOf(step: Step): Promise<number> {
  const { second } = await counter.count(makeImage(640, 480, 4, 'gradient'), [step])
  return second.passes.reduce((sum, { pixelLoads, tileLoads, threads }) => sum + (pixelLoads + tileLoads) * threads, 0)
}

const chains = [...filters.map((definition) => ({ name: definition.name, steps: stepsOf(definition).slice(0, 1) })), ...CHAINS]

test.each(chains)('the second call compiles and makes nothing: $name', async ({ steps }) => {
  const { second } = await counter.count(image, steps)
  expect(second).toMatchObject({ pipelines: 0, buffers: 0, bindGroups: 0, submits: 1, readbacks: 1 })
})

describe('few passes', () => {
  test('points are one, however many, and read and write an image once', async () => {
    const passes = await passesOf(sepia(), brightness({ amount: 1.2 }), saturate({ amount: 2 }), solarize(), sepia({ amount: 0.3 }), threshold())
    expect(passes).toHaveLength(1)
    expect(passes[0]?.kernels).toEqual(['color_matrix', 'line', 'color_matrix', 'solarize', 'color_matrix', 'line'])
    expect((passes[0]?.threads as number) * (passes[0]?.pixelLoads as number)).toBeLessThan(1.5 * 70 * 50)
  })

  test('a separable blur is two, with premultiplication and with points before and behind', async () => {
    expect(await passesOf(gaussianBlur({ sigma: 2 }))).toHaveLength(2)
    expect(await passesOf(sepia(), gaussianBlur({ sigma: 2 }), brightness({ amount: 1.2 }))).toHaveLength(2)
    expect(await passesOf(unsharpMask({ sigma: 2 }))).toHaveLength(2)
    expect(await passesOf(luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold())).toHaveLength(3)
  })

  test('buffers of a long chain serve again: as many for forty blurs as for two', async () => {
    const blurs = (n: number) => Array.from({ length: n }, () => gaussianBlur({ sigma: 1 }))
    const buffersOf = async (n: number) => (await counter.count(image, blurs(n))).first.buffers
    expect(await buffersOf(40)).toBe(await buffersOf(2))
  })
})

describe('what a pixel costs does not follow the width of its window', () => {
  test.each([
    ['a Gaussian', gaussianBlur({ sigma: 50 }), gaussianBlur({ sigma: 3.9 }), 1],
    ['a box', boxBlur({ radius: 100 }), boxBlur({ radius: 10 }), 4],
    ['erosion', erode({ radius: 50 }), erode({ radius: 5 }), 3],
    ['dilation', dilate({ radius: 50 }), dilate({ radius: 5 }), 3],
  ] as const)('%s', async (_, wide, narrow, factor) => {
    expect(await readsOf(wide)).toBeLessThan(factor * (await readsOf(narrow)))
  })
})

describe('the interpreter counts what can be counted by hand: for each thread', () => {
  test.each([
    ['a pixel that is read once', sepia(), [{ pixelLoads: 1, tileLoads: 0 }]],
    ['nine pixels, and one again for its alpha', convolve({ kernel: [1, 2, 3, 4, 5, 6, 7, 8, 9] }), [{ tileLoads: 10 }]],
    ['fifteen pixels of two words', gaussianBlur({ sigma: 2 }), [{ tileLoads: 30 }, { tileLoads: 30 }]],
    ['32 rows: a window of 21, then two pixels a row', boxBlur({ radius: 10 }), [{ pixelLoads: 21 + 31 * 2 }, { pixelLoads: 4 * (21 + 31 * 2) }]],
    ['25 pixels by five fives, twice', erode({ radius: 12 }), [{ pixelLoads: 5 }, { pixelLoads: 5 }, { pixelLoads: 5 }, { pixelLoads: 5 }]],
  ])('%s', async (_, step, expected) => {
    const passes = await passesOf(step)
    expect(passes).toMatchObject(expected)
    for (const { operations } of passes) expect(operations).toBeGreaterThan(10)
  })
})
