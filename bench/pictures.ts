import type { Image } from '../src/index.js'
import { photograph } from './photograph.js'

const made = new Map<string, Image>()
/** More are made anew: a picture of 100 megapixels is 400 MB. */
const KEPT = 4

/** The picture that is filtered, of this size, with one channel or four. */
export function pictureOf(width: number, height: number, channels: 1 | 4): Image {
  const key = `${width} ${height} ${channels}`
  const image = made.get(key) ?? make(width, height, channels)
  made.set(key, image)
  const [oldest] = made.keys()
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest)
  return image
}

function make(width: number, height: number, channels: 1 | 4): Image {
  const image = photograph(width, height)
  return channels === 4 ? image : { width, height, channels, data: image.data.filter((_, i) => i % 4 === 1) }
}
