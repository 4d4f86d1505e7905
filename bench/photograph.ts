import type { Image } from '../src/index.js'

/** A picture with what photographs have: smooth areas, edges at all angles, texture, and some noise. Opaque. */
export function photograph(width: number, height: number): Image {
  const data = new Uint8ClampedArray(width * height * 4)
  let seed = 1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const u = (x / width) * 8
      const v = (y / height) * 5
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      const noise = (seed >>> 24) / 16
      const shape = Math.hypot((u % 1) - 0.5, (v % 1) - 0.5) < 0.35 ? 90 : 0
      const stripes = (x + 2 * y) % 64 < 32 ? 20 : 0
      data[i] = 25 * u + shape + noise
      data[i + 1] = 40 * v + shape / 2 + stripes + noise
      data[i + 2] = 200 - 20 * u + stripes + noise
      data[i + 3] = 255
    }
  }
  return { width, height, channels: 4, data }
}
