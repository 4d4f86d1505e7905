import { InvalidArgumentError, UnsupportedError } from './errors.js'
import type { Global } from './globals.js'
import type { Image } from './image.js'
import type { RunInfo } from './run-info.js'

/** A canvas of either kind. */
export type Canvas = Global<'HTMLCanvasElement'> | Global<'OffscreenCanvas'>

/** What a call made: pixels of your own, and how they came about. */
export class Result implements Image {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  /** Row by row without gaps: width * height * channels bytes. */
  readonly data: Uint8ClampedArray
  readonly run: RunInfo

  /** @internal */
  constructor({ width, height, channels, data }: Image, run: RunInfo) {
    this.width = width
    this.height = height
    this.channels = channels
    this.data = data
    this.run = run
  }

  /** The pixels as ImageData: grey as three equal channels, alpha 255 where there is none. Only where ImageData exists. */
  toImageData(): Global<'ImageData'> {
    return toImageData(this)
  }

  /** The pixels as a bitmap; browsers hold those premultiplied, so that colour under low alpha is rounded. */
  toImageBitmap(): Promise<Global<'ImageBitmap'>> {
    return toImageBitmap(this)
  }

  /**
   * Shows the pixels in a canvas, which takes their size. A canvas that has no context yet gets a `bitmaprenderer`; one
   * with a 2D context keeps it. Others cannot be drawn to: UnsupportedError.
   */
  async drawTo(canvas: Canvas): Promise<void> {
    await drawTo(canvas, async () => toImageData(this), () => toImageBitmap(this))
  }
}

/** @internal */
export function toImageData(image: Image): ImageData {
  if (typeof ImageData === 'undefined') throw new UnsupportedError('toImageData: there is no ImageData here; use data')
  return new ImageData(rgbaOf(image), image.width, image.height)
}

/** @internal */
export function toImageBitmap(image: Image): Promise<ImageBitmap> {
  if (typeof createImageBitmap === 'undefined') throw new UnsupportedError('toImageBitmap: there are no bitmaps here; use data')
  // Said, since Firefox leaves it otherwise, and then shows wrong colours in a `bitmaprenderer`.
  return createImageBitmap(toImageData(image), { premultiplyAlpha: 'premultiply' })
}

/**
 * Shows an image in a canvas by whichever of its forms the canvas takes.
 * @internal
 */
export async function drawTo(canvas: Canvas, imageData: () => Promise<ImageData>, imageBitmap: () => Promise<ImageBitmap>): Promise<void> {
  if (typeof canvas?.getContext !== 'function') throw InvalidArgumentError.of('drawTo', 'canvas', 'a canvas', canvas)
  const renderer = canvas.getContext('bitmaprenderer') as ImageBitmapRenderingContext | null
  if (renderer !== null) {
    const bitmap = await imageBitmap()
    resize(canvas, bitmap)
    renderer.transferFromImageBitmap(bitmap)
    return
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null
  if (context === null) {
    throw new UnsupportedError('drawTo: expected a canvas without a context, or with bitmaprenderer or 2d, got one with another; use another canvas')
  }
  const pixels = await imageData()
  resize(canvas, pixels)
  context.putImageData(pixels, 0, 0)
}

/** Setting a size clears a canvas, even if it is the same. */
function resize(canvas: Canvas, { width, height }: { readonly width: number; readonly height: number }): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

/** Four channels in memory of its own, as ImageData takes them: not shared, and not a part of something larger. */
function rgbaOf({ width, height, channels, data }: Image): Uint8ClampedArray<ArrayBuffer> {
  if (channels === 4) return data.buffer instanceof ArrayBuffer ? (data as Uint8ClampedArray<ArrayBuffer>) : new Uint8ClampedArray(data)
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0]
  for (let i = 0, o = 0; i < data.length; i += channels, o += 4) {
    rgba[o] = data[i] as number
    rgba[o + 1] = data[i + green] as number
    rgba[o + 2] = data[i + blue] as number
  }
  return rgba
}
