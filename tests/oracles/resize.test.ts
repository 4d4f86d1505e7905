// resize against the textbook in doubles, and against sharp.
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { photograph } from '../../bench/photograph.js'
import { resize } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { makeImage } from '../helpers/images.js'

type Name = 'lanczos3' | 'lanczos2' | 'bicubic' | 'mitchell' | 'bilinear' | 'box' | 'nearest'

function resized(image: Image, width: number, height: number, kernel: Name): Image {
  const { filter, values } = resize({ width, height, kernel })
  return filter.reference(image, values)
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** Half-width of each kernel and its value at a distance, as the literature has them. */
const TEXTBOOK: Record<Exclude<Name, 'nearest'>, { half: number; f: (x: number) => number }> = {
  lanczos3: { half: 3, f: (x) => sinc(x) * sinc(x / 3) },
  lanczos2: { half: 2, f: (x) => sinc(x) * sinc(x / 2) },
  // Keys, 1981, with a = -1/2.
  bicubic: { half: 2, f: (x) => (x < 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2) },
  // Mitchell and Netravali, 1988, with B = C = 1/3.
  mitchell: { half: 2, f: (x) => (x < 1 ? (7 / 6) * x ** 3 - 2 * x ** 2 + 8 / 9 : (-7 / 18) * x ** 3 + 2 * x ** 2 - (10 / 3) * x + 16 / 9) },
  bilinear: { half: 1, f: (x) => 1 - x },
  box: { half: 0.5, f: (x) => (Math.abs(x - 0.5) < 1e-9 ? 0.5 : 1) },
}

/** What each new place is made of: a list of [old place, weight], the weights summing to 1. */
function mixture(kernel: Exclude<Name, 'nearest'>, from: number, to: number): [number, number][][] {
  // An axis that keeps its length is left alone, though Mitchell's kernel would soften it; Pillow does the same.
  if (from === to) return Array.from({ length: to }, (_, i) => [[i, 1]])
  const { half, f } = TEXTBOOK[kernel]
  const scale = Math.max(1, from / to)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * (from / to)
    const parts = Array.from({ length: from }, (_unused, k): [number, number] => {
      const x = Math.abs(k + 0.5 - centre) / scale
      return [k, x > half + 1e-9 ? 0 : f(x)]
    }).filter(([, weight]) => weight !== 0)
    const sum = parts.reduce((total, [, weight]) => total + weight, 0)
    return parts.map(([k, weight]) => [k, weight / sum])
  })
}

/** The resized image in doubles, premultiplied by alpha in 0..1, neither rounded nor clamped. */
function exact({ width, height, channels, data }: Image, newWidth: number, newHeight: number, kernel: Exclude<Name, 'nearest'>): Float64Array {
  const columns = mixture(kernel, width, newWidth)
  const rows = mixture(kernel, height, newHeight)
  const across = new Float64Array(newWidth * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < newWidth; x++) {
      for (const [k, weight] of columns[x] as [number, number][]) {
        const at = (y * width + k) * channels
        for (let c = 0; c < channels; c++) {
          const alpha = channels === 4 && c !== 3 ? (data[at + 3] as number) / 255 : 1
          across[(y * newWidth + x) * channels + c]! += weight * alpha * (data[at + c] as number)
        }
      }
    }
  }
  const out = new Float64Array(newWidth * newHeight * channels)
  const row = newWidth * channels
  for (let y = 0; y < newHeight; y++) {
    for (const [k, weight] of rows[y] as [number, number][]) {
      for (let i = 0; i < row; i++) out[y * row + i]! += weight * (across[k * row + i] as number)
    }
  }
  return out
}

const clamp = (x: number): number => Math.min(255, Math.max(0, x))
const SIZES = [[1, 1], [7, 5], [20, 13], [40, 31], [41, 62], [83, 30], [200, 100]] as const
const KERNELS = Object.keys(TEXTBOOK) as (keyof typeof TEXTBOOK)[]

describe.each(KERNELS)('%s', (kernel) => {
  test('within one level of the textbook in doubles', () => {
    let largest = 0
    for (const channels of [1, 4] as const) {
      const image = makeImage(41, 31, channels, channels === 4 ? 'opaque-noise' : 'noise', 3)
      for (const [width, height] of SIZES) {
        const actual = resized(image, width, height, kernel)
        exact(image, width, height, kernel).forEach((value, i) => {
          largest = Math.max(largest, Math.abs((actual.data[i] as number) - clamp(value)))
        })
      }
    }
    console.log(`resize, ${kernel}: at most ${largest.toFixed(3)} levels from the textbook in doubles`)
    expect(largest).toBeLessThanOrEqual(1)
  })

  test('with alpha, colour is within one level where it is seen in full', () => {
    const image = makeImage(41, 31, 4, 'noise', 4)
    let alphaOff = 0
    let colourOff = 0
    for (const [width, height] of SIZES) {
      const actual = resized(image, width, height, kernel)
      const expected = exact(image, width, height, kernel)
      for (let i = 0; i < expected.length; i += 4) {
        const alpha = expected[i + 3] as number
        alphaOff = Math.max(alphaOff, Math.abs((actual.data[i + 3] as number) - clamp(alpha)))
        if (alpha < 2) continue
        for (let c = 0; c < 3; c++) {
          const colour = clamp((255 * (expected[i + c] as number)) / alpha)
          // What the eye sees of a colour is the colour times its alpha.
          colourOff = Math.max(colourOff, (Math.abs((actual.data[i + c] as number) - colour) * Math.min(255, alpha)) / 255)
        }
      }
    }
    console.log(`resize, ${kernel}, with alpha: at most ${alphaOff.toFixed(3)} levels of alpha and ${colourOff.toFixed(3)} of seen colour off`)
    expect(alphaOff).toBeLessThanOrEqual(1)
    expect(colourOff).toBeLessThanOrEqual(1)
  })

  test('keeps a flat image flat', () => {
    for (const level of [0, 1, 128, 255]) {
      const image = { ...makeImage(13, 9, 1), data: new Uint8ClampedArray(13 * 9).fill(level) }
      for (const [width, height] of SIZES) expect(resized(image, width, height, kernel).data.every((value) => value === level)).toBe(true)
    }
  })

  test('a mirrored image gives the mirrored result', () => {
    const image = makeImage(41, 1, 1, 'noise', 6)
    const mirrored = { ...image, data: image.data.slice().reverse() }
    for (const width of [3, 20, 40, 62, 123]) {
      const one = resized(image, width, 1, kernel).data.slice().reverse()
      const other = resized(mirrored, width, 1, kernel).data
      // Half up is not symmetric: a value of exactly .5 may differ by one.
      one.forEach((value, i) => expect(Math.abs(value - (other[i] as number))).toBeLessThanOrEqual(1))
    }
  })
})

test('nearest copies the pixel in which the new centre lies', () => {
  const image = makeImage(41, 31, 4, 'noise', 5)
  for (const [width, height] of SIZES) {
    const { data } = resized(image, width, height, 'nearest')
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = (Math.floor(((y + 0.5) * 31) / height + 1e-9) * 41 + Math.floor(((x + 0.5) * 41) / width + 1e-9)) * 4
        const to = (y * width + x) * 4
        for (let c = 0; c < 4; c++) if (data[to + c] !== image.data[from + c]) expect.fail(`${width} x ${height}, at ${x}, ${y}`)
      }
    }
  }
})

test('halving by a box is the mean of four pixels', () => {
  const image = makeImage(40, 30, 1, 'noise', 5)
  const { data } = resized(image, 20, 15, 'box')
  data.forEach((value, i) => {
    const [x, y] = [(i % 20) * 2, Math.floor(i / 20) * 2]
    const p = (dx: number, dy: number): number => image.data[(y + dy) * 40 + x + dx] as number
    expect(value).toBe((p(0, 0) + p(1, 0) + p(0, 1) + p(1, 1) + 2) >> 2)
  })
})

test('a checkerboard of single pixels becomes grey when it shrinks', () => {
  const image = makeImage(96, 96, 1, 'checkerboard')
  for (const kernel of KERNELS) {
    for (const size of [24, 32, 48]) {
      const { data } = resized(image, size, size, kernel)
      // Squares of odd size have one pixel more of one colour; the kernel's tails level that out but for the box.
      const most = kernel === 'box' && size === 32 ? 16 : 8
      const inner = data.filter((_, i) => i % size >= 4 && i % size < size - 4 && i >= 4 * size && i < (size - 4) * size)
      expect(Math.max(...inner.map((value) => Math.abs(value - 127.5))), `${kernel} to ${size}`).toBeLessThanOrEqual(most)
    }
  }
})

test('transparent white beside opaque black bleeds no white', () => {
  const image = makeImage(40, 26, 4, 'zeros')
  for (let i = 0; i < 40 * 26; i++) image.data.set((i % 40) + Math.floor(i / 40) < 30 ? [0, 0, 0, 255] : [255, 255, 255, 0], i * 4)
  for (const kernel of KERNELS) {
    for (const [width, height] of SIZES) {
      const { data } = resized(image, width, height, kernel)
      const seen = data.filter((value, i) => i % 4 !== 3 && (data[i - (i % 4) + 3] as number) > 0 && value > 0)
      expect([...seen], `${kernel} to ${width} x ${height}`).toEqual([])
    }
  }
})

// sharp 0.35 shrinks on the same grid. It takes kernels at 64 positions, rounds between the axes and copies the edge
// outwards, so that it is some levels off where the picture has hard edges, and at the border is left out here.
// Enlarging, it lies on another grid: a ramp to twice its width comes out a quarter of a pixel late.
test.each([
  ['lanczos3', 'lanczos3', 5],
  ['lanczos2', 'lanczos2', 4],
  ['bicubic', 'cubic', 3],
  ['mitchell', 'mitchell', 2],
  ['bilinear', 'linear', 1],
  ['nearest', 'nearest', 0],
] as const)('%s shrinks a photograph as sharp does', async (kernel, name, most) => {
  const image = photograph(301, 223)
  const raw = { width: 301, height: 223, channels: 4 as const }
  for (const [width, height] of [[200, 150], [150, 111], [120, 89]] as const) {
    const expected = await sharp(image.data, { raw }).resize({ width, height, fit: 'fill', kernel: name }).raw().toBuffer()
    const actual = resized(image, width, height, kernel)
    expect(expected.length).toBe(actual.data.length)
    let largest = 0
    let sum = 0
    for (let y = 6; y < height - 6; y++) {
      for (let i = (y * width + 6) * 4; i < (y * width + width - 6) * 4; i++) {
        const off = Math.abs((actual.data[i] as number) - (expected[i] as number))
        largest = Math.max(largest, off)
        sum += off
      }
    }
    expect(largest, `${width} x ${height}`).toBeLessThanOrEqual(most)
    expect(sum / actual.data.length).toBeLessThan(0.2)
  }
})
