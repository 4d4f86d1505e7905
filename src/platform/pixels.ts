import type { Image } from '../image.js'

/** The pixels of a browser's own kinds of picture; undefined where `source` is none. */
export function pixelsOf(_source: unknown): Promise<Image> | undefined {
  return undefined
}
