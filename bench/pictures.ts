import type { Image } from '../src/index.js'
import { photograph } from './photograph.js'

const made = new Map<string, Image>()
/** More are made anew: a picture of 100 megapixels is 400 MB. */
const KEPT = 4

/** The picture that is filtered, of this size, with so many channels. */
export function pictureOf(width: number, height: number, channels: Image['channels']): Image {
  const key = `${width} ${height} ${channels}`
  const image = made.get(key) ?? make(width, height, channels)
  made.set(key, image)
  const [oldest] = made.keys()
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest)
  return image
}

function make(width: number, height: number, channels: Image['channels']): Image {
  const image = photograph(width, height)
  return channels === 4 ? image : { width, height, channels, data: image.data.filter((_, i) => (channels === 3 ? i % 4 < 3 : i % 4 === 1)) }
}
