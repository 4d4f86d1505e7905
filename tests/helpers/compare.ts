import type { Image } from '../../src/image.js'

/** What differs between two images in words, or undefined where every byte is the same. */
export function difference(actual: Image, expected: Image): string | undefined {
  if (actual.width !== expected.width || actual.height !== expected.height || actual.channels !== expected.channels) {
    const size = ({ width, height, channels }: Image): string => `${width} x ${height} x ${channels}`
    return `size ${size(actual)}, expected ${size(expected)}`
  }
  if (actual.data.length !== expected.data.length) return `${actual.data.length} bytes, expected ${expected.data.length}`
  let count = 0
  let most = 0
  let first = -1
  for (let i = 0; i < expected.data.length; i++) {
    const off = Math.abs((actual.data[i] as number) - (expected.data[i] as number))
    if (off === 0) continue
    count++
    most = Math.max(most, off)
    if (first < 0) first = i
  }
  if (count === 0) return undefined
  const { width, channels } = expected
  const pixel = Math.floor(first / channels)
  const place = `x ${pixel % width}, y ${Math.floor(pixel / width)}, channel ${first % channels}`
  return `${count} of ${expected.data.length} bytes differ, by up to ${most}; first at ${place}: ${actual.data[first]}, expected ${expected.data[first]}`
}
