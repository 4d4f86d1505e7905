// Pictures from bytes and to bytes: the only place of the server that knows sharp.
import { FileError } from '../errors.js'
import type { Image } from '../image.js'
import type { Format } from './formats.js'
import type { Sharp } from './packages.js'

/** A picture as its header describes it. */
export interface Header {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

export class Codec {
  readonly #sharp: Sharp
  readonly #maxPixels: number
  readonly #seconds: number

  /** @param limitMs After this long decoding and encoding end by themselves: nothing else can stop them. */
  constructor(sharp: Sharp, maxPixels: number, limitMs: number) {
    this.#sharp = sharp
    this.#maxPixels = maxPixels
    this.#seconds = Math.ceil(limitMs / 1000)
    // Operations on pictures that nobody sends again are not worth keeping.
    sharp.cache(false)
  }

  /** The versions of everything that decodes and encodes. */
  get versions(): Readonly<Record<string, string | undefined>> {
    return { ...this.#sharp.versions }
  }

  /** Reads the header only. */
  async inspect(bytes: Uint8Array): Promise<Header> {
    // The size is the caller's to judge.
    const { autoOrient, channels, hasAlpha } = await read(this.#sharp(bytes, { limitInputPixels: false }).metadata())
    const { width, height } = autoOrient
    return { width, height, channels: (hasAlpha ?? channels === 4) ? 4 : 3 }
  }

  /** The first picture of a file, upright, in sRGB with 8 bits a channel. */
  async decode(bytes: Uint8Array): Promise<Image> {
    const picture = this.#sharp(bytes, { failOn: 'error', limitInputPixels: this.#maxPixels }).timeout({ seconds: this.#seconds })
    const { data, info } = await read(
      picture.autoOrient().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
    )
    const { width, height, channels } = info
    if (channels !== 3 && channels !== 4) throw new FileError(`the picture decodes to ${channels} channels, and 3 or 4 are expected`)
    return { width, height, channels, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }
  }

  async encode({ width, height, channels, data }: Image, format: Format, quality: number | undefined): Promise<Buffer> {
    const picture = this.#sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).timeout({ seconds: this.#seconds })
    if (channels === 1) picture.toColourspace('b-w')
    // TIFF would otherwise be JPEG inside, which loses alpha.
    const options = { ...(format === 'tiff' ? { compression: 'deflate' } : {}), ...(quality === undefined ? {} : { quality }) }
    try {
      return await picture.toFormat(format, options).toBuffer()
    } catch (error) {
      throw new FileError(`the result cannot be written as ${format}: ${reasonOf(error)}`, { cause: error })
    }
  }
}

async function read<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new FileError(`the picture cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}

/** libvips has one place for all messages, where work at the same time may overwrite this one. */
const reasonOf = (error: unknown): string => (error as Error).message.split('\n', 1)[0]?.replace(/^Unknown error$/, 'it is damaged') ?? ''
