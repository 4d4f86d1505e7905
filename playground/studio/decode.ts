// The pixels of a file or a frame. They pass through a 2D canvas, which rounds colour under low alpha.

export async function decode(source: Blob | ImageBitmap): Promise<ImageData> {
  const bitmap = source instanceof Blob ? await createImageBitmap(source) : source
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, width, height)
}
