import { bytesOfFrame, holdsSrgb } from './frame-bytes.js'

type Bytes = Uint8ClampedArray<ArrayBuffer>

/** 2D canvases are read in strips: browsers limit their area. */
const STRIP_PIXELS = 2 ** 22

/** One for all bitmaps, since a page may have few; null where there is no WebGL. */
let context: WebGLRenderingContext | null | undefined

/**
 * The bytes of a bitmap whose colour is not multiplied by alpha, 4 a pixel, by the first road that there is:
 *
 * - WebGL: exact in Chromium and Firefox, up to the size of a texture.
 * - A frame of video: exact as well, unless the bitmap is still turned or in another colour space, as Chromium leaves them.
 * - A 2D canvas, which rounds colour under low alpha.
 *
 * WebKit multiplies every bitmap, so that there colour under low alpha is rounded on all of them.
 */
export async function bytesOfBitmap(bitmap: ImageBitmap): Promise<Bytes> {
  return byWebgl(bitmap) ?? (await byFrame(bitmap)) ?? by2d(bitmap)
}

function byWebgl(bitmap: ImageBitmap): Bytes | undefined {
  // In windows WebKit has WebGL only in canvases of the document.
  if (context === undefined || context?.isContextLost()) {
    const canvas = typeof document === 'undefined' ? new OffscreenCanvas(1, 1) : document.createElement('canvas')
    canvas.width = canvas.height = 1
    context = canvas.getContext('webgl') as WebGLRenderingContext | null
  }
  const gl = context
  if (gl === null) return undefined
  const { width, height } = bitmap
  if (Math.max(width, height) > (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)) return undefined
  const texture = gl.createTexture()
  const frame = gl.createFramebuffer()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame)
  try {
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
    const bytes = new Uint8Array(width * height * 4)
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes)
    return gl.getError() === gl.NO_ERROR ? new Uint8ClampedArray(bytes.buffer) : undefined
  } finally {
    gl.deleteFramebuffer(frame)
    gl.deleteTexture(texture)
  }
}

async function byFrame(bitmap: ImageBitmap): Promise<Bytes | undefined> {
  // Pages that are not secure have no frames.
  if (typeof VideoFrame === 'undefined') return undefined
  const frame = new VideoFrame(bitmap, { timestamp: 0 })
  try {
    return holdsSrgb(frame) ? await bytesOfFrame(frame) : undefined
  } finally {
    frame.close()
  }
}

function by2d(bitmap: ImageBitmap): Bytes {
  const { width, height } = bitmap
  const bytes = new Uint8ClampedArray(width * height * 4)
  const rows = Math.min(height, Math.ceil(STRIP_PIXELS / width))
  const canvas = new OffscreenCanvas(width, rows).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D
  canvas.globalCompositeOperation = 'copy'
  for (let y = 0; y < height; y += rows) {
    canvas.drawImage(bitmap, 0, -y)
    const strip = canvas.getImageData(0, 0, width, Math.min(rows, height - y))
    bytes.set(strip.data, y * width * 4)
  }
  return bytes
}
