import { type Border, mapIndex } from '../border.js'
import type { Image } from '../image.js'
import type { Fill } from '../stage.js'

/** Rounds half up, the one rounding of the toolkit. */
export const round = (x: number): number => Math.floor(x + 0.5)
export const clamp = (x: number): number => Math.min(255, Math.max(0, x))

/** An image of the given size with all bytes 0. */
export function blank(width: number, height: number, channels: 1 | 3 | 4): Image {
  return { width, height, channels, data: new Uint8ClampedArray(width * height * channels) }
}

/** An image of the given size, each pixel of which is the one of `image` at the place that `from` gives. */
export function rearranged(image: Image, width: number, height: number, from: (x: number, y: number) => readonly [number, number]): Image {
  const { channels } = image
  const out = blank(width, height, channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = from(x, y)
      const place = (fromY * image.width + fromX) * channels
      for (let c = 0; c < channels; c++) out.data[(y * width + x) * channels + c] = image.data[place + c] as number
    }
  }
  return out
}

/** Calls `f` for every value, alpha included, and keeps what it returns, rounded and clamped. */
export function mapAll(image: Image, f: (value: number, channel: number, index: number) => number): Image {
  const out = blank(image.width, image.height, image.channels)
  image.data.forEach((value, i) => {
    out.data[i] = clamp(round(f(value, i % image.channels, i)))
  })
  return out
}

/** The same for colour values; alpha is copied. */
export function mapColour(image: Image, f: (value: number, channel: number, index: number) => number): Image {
  return mapAll(image, (value, channel, index) => (channel === 3 ? value : f(value, channel, index)))
}

/** Whole multiples of 1 / `scale` near some factors, with the sum nearest to theirs: the rest goes to the largest. */
export function fractions(factors: readonly number[], scale: number): number[] {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
  const rounded = factors.map((factor) => round(factor * scale))
  const largest = factors.reduce((best, factor, i) => (Math.abs(factor) > Math.abs(factors[best] as number) ? i : best), 0)
  rounded[largest]! += round(sum(factors) * scale) - sum(rounded)
  return rounded
}

/** Reads channel `c` of a pixel that may lie outside the image. */
export function at(image: Image, x: number, y: number, c: number, border: Border, fill: Fill): number {
  const mx = mapIndex(x, image.width, border)
  const my = mapIndex(y, image.height, border)
  return mx < 0 || my < 0 ? (fill[c] as number) : (image.data[(my * image.width + mx) * image.channels + c] as number)
}

/** Rows of i16 with 6 fractional bits, premultiplied where there is alpha: the `i16` format of stages. */
export interface Wide {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Int16Array
}

const premultiplyChannel = (c: number, a: number): number => round((64 * c * a) / 255)

export function widen(image: Image): Wide {
  const { width, height, channels } = image
  const data = new Int16Array(image.data.length)
  for (let i = 0; i < data.length; i++) {
    const value = image.data[i] as number
    const alpha = channels === 4 && i % 4 !== 3 ? (image.data[i - (i % 4) + 3] as number) : 255
    data[i] = premultiplyChannel(value, alpha)
  }
  return { width, height, channels, data }
}

export function widenFill(fill: Fill, channels: number): readonly number[] {
  return channels === 1 ? [64 * fill[0]] : [...fill.slice(0, 3).map((c) => premultiplyChannel(c, fill[3])), 64 * fill[3]]
}

export function narrow(wide: Wide): Image {
  const { width, height, channels } = wide
  const out = blank(width, height, channels)
  for (let i = 0; i < wide.data.length; i++) {
    const value = wide.data[i] as number
    const alpha = channels === 4 ? (wide.data[i - (i % 4) + 3] as number) : 64 * 255
    if (alpha <= 0) continue
    out.data[i] = channels === 4 && i % 4 !== 3 ? clamp(Math.floor((255 * value + (alpha >> 1)) / alpha)) : clamp((value + 32) >> 6)
  }
  return out
}

/** Weights that differ from one place to the next: output i is the sum of `weights[i][k] * input[starts[i] + k]`. */
export interface Weights {
  readonly taps: number
  readonly starts: Int32Array
  /** `taps` a place, in fractions of 2^shift. */
  readonly weights: Int16Array
  readonly shift: number
}

/** The same symmetric weights everywhere: `half` holds w[0] … w[radius], in fractions of 2^15. */
export function symmetric(half: Int16Array, length: number): Weights {
  const radius = half.length - 1
  const taps = 2 * radius + 1
  const weights = new Int16Array(length * taps)
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < taps; k++) weights[i * taps + k] = half[Math.abs(k - radius)] as number
  }
  return { taps, starts: Int32Array.from({ length }, (_, i) => i - radius), weights, shift: 15 }
}

/** Weighted sums down the columns (`y`) or along the rows (`x`), each rounded half up to an i16 with 6 fractional bits. */
export function weighted(wide: Wide, axis: 'x' | 'y', table: Weights, border: Border, fill: readonly number[]): Wide {
  const { channels } = wide
  const width = axis === 'x' ? table.starts.length : wide.width
  const height = axis === 'y' ? table.starts.length : wide.height
  const data = new Int16Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const place = axis === 'x' ? x : y
        let sum = 0
        for (let k = 0; k < table.taps; k++) {
          const along = (table.starts[place] as number) + k
          const mapped = mapIndex(along, axis === 'x' ? wide.width : wide.height, border)
          const at = axis === 'x' ? y * wide.width + mapped : mapped * wide.width + x
          const value = mapped < 0 ? (fill[c] as number) : (wide.data[at * channels + c] as number)
          sum += (table.weights[place * table.taps + k] as number) * value
        }
        data[(y * width + x) * channels + c] = (sum + 2 ** (table.shift - 1)) >> table.shift
      }
    }
  }
  return { width, height, channels, data }
}
