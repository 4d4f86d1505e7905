// A PNG file with exactly the pixels that it is made from. A canvas would round colour under low alpha, and knows no grey.
import type { Image } from '../../src/image.js'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Colour types by channels: grey, RGB, RGBA. */
const COLOUR_TYPE = { 1: 0, 3: 2, 4: 6 } as const
const PAETH = 4

export async function encodePng({ width, height, channels, data }: Image): Promise<Blob> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, COLOUR_TYPE[channels]], 8)
  const packed = new Blob([predicted(data, width * channels, height, channels)]).stream().pipeThrough(new CompressionStream('deflate'))
  const body = new Uint8Array(await new Response(packed).arrayBuffer())
  const parts = [Uint8Array.from(SIGNATURE), chunk('IHDR', header), chunk('IDAT', body), chunk('IEND', new Uint8Array())]
  return new Blob(parts, { type: 'image/png' })
}

/** Every byte less what the Paeth predictor expects, which compresses photographs well. Rows begin with the predictor's number. */
function predicted(data: Uint8ClampedArray, rowBytes: number, height: number, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((rowBytes + 1) * height)
  let o = 0
  for (let y = 0; y < height; y++) {
    const row = y * rowBytes
    out[o++] = PAETH
    for (let x = 0; x < rowBytes; x++) {
      const left = x < channels ? 0 : (data[row + x - channels] as number)
      const up = y === 0 ? 0 : (data[row + x - rowBytes] as number)
      const corner = x < channels || y === 0 ? 0 : (data[row + x - rowBytes - channels] as number)
      const toLeft = Math.abs(up - corner)
      const toUp = Math.abs(left - corner)
      const toCorner = Math.abs(left + up - 2 * corner)
      const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
      out[o++] = (data[row + x] as number) - nearest
    }
  }
  return out
}

function chunk(type: string, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(body.length + 12)
  const view = new DataView(out.buffer)
  view.setUint32(0, body.length)
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i)
  out.set(body, 8)
  view.setUint32(8 + body.length, checksum(out.subarray(4, 8 + body.length)))
  return out
}

/** CRC-32 with the polynomial of ISO 3309, one table entry a byte. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function checksum(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (CRC[(c ^ byte) & 255] as number) ^ (c >>> 8)
  return ~c >>> 0
}
