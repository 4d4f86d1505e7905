/** Whether a frame's bytes are what is seen: RGB of the usual colour space, neither turned nor stretched. */
export function holdsSrgb(frame: VideoFrame): boolean {
  const { format, colorSpace, visibleRect, displayWidth, displayHeight, rotation, flip } = frame as VideoFrame & { rotation?: number; flip?: boolean }
  const isRgb = /^(RGB|BGR)[AX]$/.test(format ?? '') && colorSpace.primaries === 'bt709' && colorSpace.transfer === 'iec61966-2-1'
  return isRgb && visibleRect?.width === displayWidth && visibleRect.height === displayHeight && !rotation && !flip
}

/** The bytes of such a frame exactly as they are, 4 a pixel. Conversions of browsers round, or are missing. */
export async function bytesOfFrame(frame: VideoFrame): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const { format } = frame
  const bytes = new Uint8ClampedArray(frame.allocationSize())
  await frame.copyTo(bytes)
  if (format === 'RGBA') return bytes
  const red = format?.startsWith('B') ? 2 : 0
  for (let i = 0; i < bytes.length; i += 4) {
    const first = bytes[i] as number
    bytes[i] = bytes[i + red] as number
    bytes[i + red] = first
    if (format?.endsWith('X')) bytes[i + 3] = 255
  }
  return bytes
}
