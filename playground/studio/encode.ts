import type { Result } from '../../src/index.js'
import { encodePng } from './png.js'
import type { FileType } from './protocol.js'

const QUALITY = 0.92

/** A result as a file. The type of the blob tells what it became: some browsers write PNG where they know no WebP. */
export async function encode(result: Result, type: FileType): Promise<Blob> {
  if (type === 'image/png') return encodePng(result)
  const canvas = new OffscreenCanvas(result.width, result.height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  if (type === 'image/jpeg') {
    // JPEG knows no alpha; on white, what is transparent looks as on most pages.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, result.width, result.height)
  }
  const bitmap = await result.toImageBitmap()
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return canvas.convertToBlob({ type, quality: QUALITY })
}
