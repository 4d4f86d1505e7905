import type { Image } from '../../image.js'
import type { Shape } from '../../stage.js'

/** Pixels as buffers hold them: four channels to a unit, or four pixels of one channel, rows beginning anew. */
export function toUnits(data: Uint8ClampedArray, { width, channels }: Image): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length)
  if (channels === 4 || (channels === 1 && width % 4 === 0)) return bytes
  if (channels === 1) return repack(bytes, width, Math.ceil(width / 4) * 4)
  const units = new Uint8Array((bytes.length / 3) * 4)
  for (let i = 0, o = 0; i < bytes.length; i += 3, o += 4) {
    units[o] = bytes[i] as number
    units[o + 1] = bytes[i + 1] as number
    units[o + 2] = bytes[i + 2] as number
    units[o + 3] = 255
  }
  return units
}

/** The inverse of `toUnits`, into `out`. */
export function fromUnits(units: Uint8Array, { width, channels }: Shape, out: Uint8ClampedArray): void {
  if (channels === 4 || (channels === 1 && width % 4 === 0)) {
    out.set(units)
  } else if (channels === 1) {
    out.set(repack(units, Math.ceil(width / 4) * 4, width))
  } else {
    for (let i = 0, o = 0; i < units.length; i += 4, o += 3) {
      out[o] = units[i] as number
      out[o + 1] = units[i + 1] as number
      out[o + 2] = units[i + 2] as number
    }
  }
}

/** Rows of `from` bytes as rows of `to`. */
function repack(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const rows = bytes.length / from
  const packed = new Uint8Array(rows * to)
  for (let row = 0; row < rows; row++) packed.set(bytes.subarray(row * from, row * from + Math.min(from, to)), row * to)
  return packed
}
