// gaussian-blur against the true Gaussian in doubles: sampled, and with a sum of 1 over six sigmas to either side.
import { describe, expect, test } from 'vitest'
import { BORDERS, type Border } from '../../src/border.js'
import { gaussianBlur } from '../../src/filters/factories.js'
import { gaussianWeights, pyramid } from '../../src/filters/gaussian-blur.js'
import { MIN_SIGMA, axisOf } from '../../src/filters/pyramid.js'
import type { Image } from '../../src/image.js'
import { random } from '../helpers/images.js'

const [WIDTH, HEIGHT] = [173, 131]
const FILL = 200
const next = random(77)
const PICTURES: Record<string, (x: number, y: number) => number> = {
  noise: () => Math.floor(next() * 256),
  'black and white noise': () => (next() < 0.5 ? 0 : 255),
  step: (x, y) => (x + y / 3 < 100 ? 0 : 255),
  impulse: (x, y) => (x === 80 && y === 60 ? 255 : 0),
  'narrow stripes': (x) => (x % 2) * 255,
  'wide stripes': (x, y) => (Math.floor((x + 2 * y) / 23) % 2) * 255,
  'one bright corner': (x, y) => (x < 30 && y < 20 ? 255 : 0),
}
const SIGMAS = [0.1, 0.3, 0.5, 1, 2, 2.9, 3, 4, 4.9, 5.1, 5.9, 6, 10, 12, 24, 40, 100]

/** The true weights: [0] at the centre. */
function gaussian(sigma: number): number[] {
  const exact = Array.from({ length: Math.ceil(6 * sigma) + 1 }, (_, k) => Math.exp(-(k ** 2) / (2 * sigma ** 2)))
  const sum = exact.reduce((total, w, k) => total + (k === 0 ? w : 2 * w), 0)
  return exact.map((w) => w / sum)
}

/** What stands at a place beyond the ends: where, or undefined for the constant. */
function outside(i: number, n: number, border: Border): number | undefined {
  let at = i
  while (at < 0 || at >= n) {
    if (border === 'constant') return undefined
    if (border === 'replicate') at = at < 0 ? 0 : n - 1
    if (border === 'reflect') at = at < 0 ? -1 - at : 2 * n - 1 - at
    if (border === 'reflect-101') at = at < 0 ? -at : 2 * n - 2 - at
    if (border === 'wrap') at += at < 0 ? n : -n
  }
  return at
}

function blurred(source: Float64Array, width: number, height: number, weights: readonly number[], border: Border, step: 'x' | 'y'): Float64Array {
  const out = new Float64Array(source.length)
  const [n, along, lines, across] = step === 'x' ? [width, 1, height, width] : [height, width, width, 1]
  const reach = weights.length - 1
  const line = new Float64Array(n + 2 * reach)
  for (let l = 0; l < lines; l++) {
    for (let i = -reach; i < n + reach; i++) {
      const at = outside(i, n, border)
      line[i + reach] = at === undefined ? FILL : (source[l * across + at * along] as number)
    }
    for (let i = 0; i < n; i++) {
      let sum = (weights[0] as number) * (line[i + reach] as number)
      for (let k = 1; k <= reach; k++) sum += (weights[k] as number) * ((line[i + reach - k] as number) + (line[i + reach + k] as number))
      out[l * across + i * along] = sum
    }
  }
  return out
}

describe.each(SIGMAS)('sigma %d', (sigma) => {
  test('within one level of the true Gaussian', () => {
    let largest = 0
    const weights = gaussian(sigma)
    for (const [name, level] of Object.entries(PICTURES)) {
      const data = Uint8ClampedArray.from({ length: WIDTH * HEIGHT }, (_, i) => level(i % WIDTH, Math.floor(i / WIDTH)))
      const image: Image = { width: WIDTH, height: HEIGHT, channels: 1, data }
      for (const border of name === 'noise' ? BORDERS : (['replicate', 'reflect'] as const)) {
        const down = blurred(Float64Array.from(data), WIDTH, HEIGHT, weights, border, 'y')
        const expected = blurred(down, WIDTH, HEIGHT, weights, border, 'x')
        const { filter, values } = gaussianBlur({ sigma, border, fill: FILL })
        const actual = filter.reference(image, values).data
        const off = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0)
        expect(off, `${name}, ${border}`).toBeLessThanOrEqual(1)
        largest = Math.max(largest, off)
      }
    }
    console.log(`gaussian-blur, sigma ${sigma}: at most ${largest.toFixed(3)} levels from the true Gaussian`)
  })
})

/** What an axis makes of each pixel, in doubles, for places around the middle: [place][pixel]. */
function effective(sigma: number, length: number): number[][] {
  const middle = Array.from({ length: 16 }, (_, i) => (length >> 1) + i)
  if (sigma < MIN_SIGMA) {
    const half = gaussianWeights(sigma)
    return middle.map((x) => Array.from({ length }, (_, i) => ((half[Math.abs(i - x)] ?? 0) as number) / 32768))
  }
  const { halvings, half } = pyramid(sigma)
  const { down, up } = axisOf(length, halvings, half.length)
  /** What is made of the input, from what the result is made of: [place in the input, weight] for each place. */
  const through = (weights: ReadonlyMap<number, number>, parts: (place: number) => [number, number][]): Map<number, number> => {
    const made = new Map<number, number>()
    for (const [place, weight] of weights) for (const [from, part] of parts(place)) made.set(from, (made.get(from) ?? 0) + weight * part)
    return made
  }
  return middle.map((x) => {
    let weights = new Map([[x, 1]])
    for (const { first } of [...up].reverse()) {
      const taps = (i: number): number[] => (i % 2 === 0 ? [1 / 8, 6 / 8, 1 / 8] : [0, 1 / 2, 1 / 2])
      weights = through(weights, (i) => taps(i).map((w, k) => [first + Math.floor(i / 2) + k, w]))
    }
    const reach = Array.from({ length: 2 * half.length - 1 }, (_, k) => k - half.length + 1)
    weights = through(weights, (i) => reach.map((k) => [i + k, (half[Math.abs(k)] as number) / 32768]))
    for (const { first } of [...down].reverse()) {
      weights = through(weights, (i) => [1, 4, 6, 4, 1].map((w, k) => [first + 2 * i + k, w / 16]))
    }
    return Array.from({ length }, (_, i) => weights.get(i) ?? 0)
  })
}

test('whatever the picture, one axis is within a third of a level', () => {
  let largest = 0
  // The worst are those with which a further halving begins.
  for (const sigma of [...Array.from({ length: 170 }, (_, i) => 0.1 * 1.0415 ** i), 3, 6, 12, 24, 100]) {
    const reach = Math.ceil(6 * sigma) + 40
    const truth = gaussian(sigma)
    effective(sigma, 2 * reach).forEach((weights, place) => {
      // Pictures that are 255 where a weight is too large and 0 elsewhere are off by half of the sum of differences.
      const off = weights.reduce((sum, w, i) => sum + Math.abs(w - (truth[Math.abs(i - reach - place)] ?? 0)), 0)
      largest = Math.max(largest, (off / 2) * 255)
    })
  }
  console.log(`gaussian-blur: weights of one axis, sigma 0.1 to 100: at most ${largest.toFixed(3)} levels off for any picture`)
  expect(largest).toBeLessThan(0.34)
})
