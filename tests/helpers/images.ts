import { random } from '../../bench/random.js'
import type { Image } from '../../src/image.js'

export { random }

export type Content = 'noise' | 'opaque-noise' | 'zeros' | 'full' | 'checkerboard' | 'clear' | 'corners' | 'gradient'

/** An image in words. */
export interface Recipe {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly content: Content
  readonly seed: number
}

const byte = (next: () => number): number => Math.floor(next() * 256)

/** An image with known contents; `noise` has extreme values and transparent pixels more often than chance. */
export function makeImage(width: number, height: number, channels: 1 | 3 | 4, content: Content = 'noise', seed = 1): Image {
  const data = new Uint8ClampedArray(width * height * channels)
  const next = random(seed)
  const extreme = (): number => (next() < 0.2 ? (next() < 0.5 ? 0 : 255) : byte(next))
  for (let i = 0; i < data.length; i++) {
    const c = i % channels
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    const isAlpha = c === 3
    switch (content) {
      case 'noise':
        data[i] = extreme()
        break
      case 'opaque-noise':
        data[i] = isAlpha ? 255 : extreme()
        break
      case 'zeros':
        data[i] = 0
        break
      case 'full':
        data[i] = 255
        break
      case 'checkerboard':
        data[i] = isAlpha ? 255 : (x + y) % 2 === 0 ? 255 : 0
        break
      case 'clear':
        data[i] = isAlpha ? 0 : byte(next)
        break
      case 'corners':
        data[i] = isAlpha || ((x === 0 || x === width - 1) && (y === 0 || y === height - 1)) ? 255 : 0
        break
      case 'gradient':
        data[i] = isAlpha ? 255 - Math.floor((100 * y) / height) : Math.floor((255 * (x + c * y)) / (width + 2 * height))
        break
    }
  }
  return { width, height, channels, data }
}

export const imageOf = ({ width, height, channels, content, seed }: Recipe): Image => makeImage(width, height, channels, content, seed)
