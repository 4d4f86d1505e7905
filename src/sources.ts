import type { Global } from './globals.js'
import type { Image, ImageLike } from './image.js'
import { KeptImage } from './kept-image.js'
import { checkPixels } from './checks.js'
import { platform } from '#platform'

/** What browsers have besides plain pixels. Blobs and files hold an image file. */
export type BrowserSource =
  | Global<'ImageBitmap'>
  | Global<'HTMLCanvasElement'>
  | Global<'OffscreenCanvas'>
  | Global<'HTMLImageElement'>
  | Global<'SVGImageElement'>
  | Global<'HTMLVideoElement'>
  | Global<'VideoFrame'>
  | Global<'Blob'>

/** What can be filtered. ImageData is plain pixels. */
export type Source = ImageLike | KeptImage | BrowserSource

/** The pixels of a source, checked; what is kept stays where it is. */
export async function open(where: string, source: Source): Promise<Image | KeptImage> {
  if (source instanceof KeptImage) return source
  const pixels = platform.pixelsOf(where, source)
  return pixels === undefined ? checkPixels(where, source as ImageLike) : checkPixels(where, await pixels)
}
