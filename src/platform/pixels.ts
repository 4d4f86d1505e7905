import { InvalidArgumentError, IsopixError } from '../errors.js'
import { type Image, checkSize } from '../image.js'
import { bytesOfBitmap } from './bitmap-bytes.js'
import { bytesOfFrame, holdsSrgb } from './frame-bytes.js'

const KINDS = /^(ImageBitmap|OffscreenCanvas|HTML(Canvas|Image|Video)Element|SVGImageElement|VideoFrame|Blob|File)$/
/** How long a video may take to show its first frame. */
const FRAME_MS = 1000
const FOREIGN = 'it comes from another origin; load it with crossorigin="anonymous", from a server that allows this'
const NO_FRAME = 'A video has pixels once it had its event "loadeddata".'

/**
 * The pixels of a browser's own kinds of picture, as it shows them: upright, in sRGB; undefined where `source` is none.
 * The source is neither changed nor closed.
 */
export function pixelsOf(where: string, source: unknown): Promise<Image> | undefined {
  // By name, since those of another window are instances of other classes.
  const kind = Object.prototype.toString.call(source).slice(8, -1)
  return KINDS.test(kind) ? read(where, kind, source as ImageBitmapSource) : undefined
}

async function read(where: string, kind: string, source: ImageBitmapSource): Promise<Image> {
  try {
    if (kind === 'VideoFrame' && holdsSrgb(source as VideoFrame)) return await ofFrame(where, source as VideoFrame)
    const shown = kind === 'HTMLVideoElement' ? shownBy(source as HTMLVideoElement) : undefined
    if (shown !== undefined) return await ofFrame(where, shown).finally(() => shown.close())
    const { complete } = source as HTMLImageElement
    if (complete === false) await (source as HTMLImageElement).decode()
    return await ofPicture(where, source)
  } catch (error) {
    if (error instanceof IsopixError) throw error
    const { name, message } = error as Error
    const why = name === 'SecurityError' ? FOREIGN : kind === 'HTMLVideoElement' ? `${message} ${NO_FRAME}` : message
    throw new InvalidArgumentError(`${where}: the pixels of this ${kind} cannot be read: ${why}`, { cause: error })
  }
}

async function ofFrame(where: string, frame: VideoFrame): Promise<Image> {
  const size = checkSize(where, { width: frame.displayWidth, height: frame.displayHeight })
  return { ...size, channels: 4, data: await bytesOfFrame(frame) }
}

/** The frame that a video shows, where its bytes are what is seen. Chromium paints bitmaps of video into memory that it then keeps. */
function shownBy(video: HTMLVideoElement): VideoFrame | undefined {
  try {
    const frame = new VideoFrame(video)
    if (holdsSrgb(frame)) return frame
    frame.close()
  } catch {
    // There are no frames here, or none yet, or they belong to another origin: the bitmap tells.
  }
  return undefined
}

/**
 * A bitmap is where browsers turn photographs upright and bring colour profiles and video to sRGB. Chromium multiplies it by
 * alpha where a canvas has a WebGL context of straight alpha: there colour under low alpha is rounded.
 */
async function ofPicture(where: string, source: ImageBitmapSource): Promise<Image> {
  const bitmap = await bitmapOf(source).catch(async (error) => {
    if (!('requestVideoFrameCallback' in source)) throw error
    await firstFrameOf(source)
    return bitmapOf(source)
  })
  try {
    return { ...checkSize(where, bitmap), channels: 4, data: await bytesOfBitmap(bitmap) }
  } finally {
    bitmap.close()
  }
}

const bitmapOf = (source: ImageBitmapSource): Promise<ImageBitmap> => createImageBitmap(source, { premultiplyAlpha: 'none' })

/** In Chromium a video that nobody sees has no frame before one is asked for. */
const firstFrameOf = (video: HTMLVideoElement): Promise<unknown> =>
  new Promise((resolve) => {
    video.requestVideoFrameCallback(resolve)
    setTimeout(resolve, FRAME_MS)
  })
