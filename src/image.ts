import { InvalidArgumentError, show } from './errors.js'

/** Pixels of one byte a channel, row by row without gaps: `data.length` is width * height * channels. */
export interface ImageLike {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
  /** 1, 3 or 4; taken from the length of `data` where it is not given. */
  readonly channels?: number
}

export interface Image {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8ClampedArray
}

/** The longest side that is accepted; products of sizes stay exact and fit 32 bits per row. */
export const MAX_SIDE = 1 << 20
/** The most pixels that are accepted: what a 32-bit memory can hold once, at one byte each. */
export const MAX_PIXELS = 2 ** 32 - 1

export function checkSide(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_SIDE) {
    throw InvalidArgumentError.of(where, name, `a whole number from 1 to ${MAX_SIDE}`, value)
  }
  return value
}

/** Checks a size from outside. */
export function checkSize(where: string, image: { readonly width: unknown; readonly height: unknown }): { width: number; height: number } {
  const width = checkSide(where, 'image.width', image.width)
  const height = checkSide(where, 'image.height', image.height)
  const pixels = width * height
  if (pixels > MAX_PIXELS) {
    throw new InvalidArgumentError(`${where}: expected at most ${MAX_PIXELS} pixels, got ${width} x ${height} = ${pixels}`)
  }
  return { width, height }
}

/** Checks an image from outside and gives it back with `channels` set; its bytes are not copied. */
export function checkImage(where: string, image: ImageLike): Image {
  if (typeof image !== 'object' || image === null) {
    throw InvalidArgumentError.of(where, 'image', 'an object with width, height and data', image)
  }
  const { width, height } = checkSize(where, image)
  const { data } = image
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array)) {
    throw InvalidArgumentError.of(where, 'image.data', 'a Uint8Array or Uint8ClampedArray', data)
  }
  const pixels = width * height
  const channels = image.channels ?? data.length / pixels
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new InvalidArgumentError(
      image.channels === undefined
        ? `${where}: expected image.data to hold 1, 3 or 4 bytes a pixel, got ${data.length} bytes for ${width} x ${height}`
        : `${where}: expected image.channels to be 1, 3 or 4, got ${show(image.channels)}`,
    )
  }
  if (data.length !== pixels * channels) {
    throw new InvalidArgumentError(
      `${where}: expected image.data to hold ${width} x ${height} x ${channels} = ${pixels * channels} bytes, got ${data.length}`,
    )
  }
  return { width, height, channels, data: clamped(data) }
}

/** Whether to write one may change the other. */
export const shareMemory = (a: Image, b: Image): boolean => a.data.buffer === b.data.buffer

/** The same bytes as a Uint8ClampedArray. */
export function clamped(data: Uint8Array | Uint8ClampedArray): Uint8ClampedArray {
  return data instanceof Uint8ClampedArray ? data : new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
}
