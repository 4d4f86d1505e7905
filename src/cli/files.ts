// Image files in and out: the only place that knows sharp.
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { FormatEnum, SharpOptions } from 'sharp'
import { FileError, IsopixError, UnsupportedError } from '../errors.js'
import type { Image } from '../image.js'

type Sharp = typeof import('sharp').default
type Format = keyof FormatEnum | 'avif'

/** More than this is refused before a pixel is decoded: 268 million, sharp's own limit. */
const MAX_PIXELS = 0x3fff * 0x3fff
/** What is written of a file that lost its end or is damaged is nobody's picture. */
const OPTIONS = { failOn: 'error', limitInputPixels: MAX_PIXELS } satisfies SharpOptions
/** Formats of sharp that are no picture files. */
const NO_PICTURES = new Set(['dz', 'raw', 'vips'])

/** A picture file as its header describes it. */
export interface Header {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  /** Pictures in the file; only the first is read. */
  readonly pages: number
}

export class Codec {
  readonly #sharp: Sharp
  /** From extension to format. */
  readonly #formats: ReadonlyMap<string, Format>
  readonly #readable: ReadonlySet<string>

  /** @throws UnsupportedError where sharp is not installed. */
  static async load(): Promise<Codec> {
    try {
      return new Codec((await import('sharp')).default)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const isMissing = code === 'ERR_MODULE_NOT_FOUND'
      const reason = isMissing ? 'is not installed; run: npm install sharp' : `does not load: ${firstLine(message)}`
      throw new UnsupportedError(`picture files are read and written by the package "sharp", which ${reason}`, { cause: error })
    }
  }

  constructor(sharp: Sharp) {
    this.#sharp = sharp
    const formats = new Map<string, Format>()
    const readable = new Set<string>()
    for (const { id, input, output } of Object.values(sharp.format)) {
      if (input.file && !NO_PICTURES.has(id)) for (const suffix of input.fileSuffix ?? []) readable.add(suffix.slice(1))
      if (!output.file || !output.buffer || NO_PICTURES.has(id)) continue
      // The prebuilt HEIF encoder writes AV1, which has an extension of its own.
      if (id === 'heif') formats.set('avif', 'avif')
      else for (const extension of [id, ...((output as { alias?: string[] }).alias ?? [])]) formats.set(extension, id as Format)
    }
    this.#formats = formats
    this.#readable = readable
  }

  /** What determines the bytes of a file besides its pixels. */
  get version(): string {
    return Object.entries(this.#sharp.versions).join()
  }

  /** The extensions that can be written, without a dot. */
  get extensions(): string[] {
    return [...this.#formats.keys()].sort()
  }

  canWrite(path: string): boolean {
    return this.#formats.has(extensionOf(path))
  }

  /** Whether a file has the extension of a format that can be read. */
  canRead(path: string): boolean {
    return this.#readable.has(extensionOf(path))
  }

  /** Reads a file's header only. */
  async inspect(path: string): Promise<Header> {
    await checkFile(path)
    const { autoOrient, channels, hasAlpha, pages = 1 } = await this.#read(path, () =>
      this.#sharp(path, { ...OPTIONS, limitInputPixels: false }).metadata(),
    )
    const { width, height } = autoOrient
    if (width * height > MAX_PIXELS) {
      const limit = `${Math.floor(MAX_PIXELS / 1e6)} million`
      throw new FileError(`${path}: ${width} x ${height} pixels are more than can be read (${limit})`)
    }
    return { width, height, channels: (hasAlpha ?? channels === 4) ? 4 : 3, pages }
  }

  /** The first picture of a file, upright, in sRGB with 8 bits a channel. */
  async decode(path: string): Promise<Image> {
    const { data, info } = await this.#read(path, () =>
      this.#sharp(path, OPTIONS).autoOrient().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
    )
    const { width, height, channels } = info
    if (channels !== 3 && channels !== 4) throw new FileError(`${path}: decodes to ${channels} channels, and 3 or 4 are expected`)
    return { width, height, channels, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }
  }

  /** The bytes of a file whose format is that of the path's extension. */
  async encode({ width, height, channels, data }: Image, path: string): Promise<Uint8Array> {
    const format = this.#formats.get(extensionOf(path)) as Format
    const image = this.#sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    if (channels === 1) image.toColourspace('b-w')
    // TIFF would otherwise be JPEG inside, which loses alpha.
    const options = format === 'tiff' ? { compression: 'deflate' } : {}
    try {
      return await image.toFormat(format, options).toBuffer()
    } catch (error) {
      throw new FileError(`${path}: cannot be encoded: ${firstLine((error as Error).message)}`, { cause: error })
    }
  }

  async #read<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      // libvips has one place for all messages, where work at the same time may overwrite this one.
      const reason = firstLine((error as Error).message).replace(/^Unknown error$/, 'it is damaged')
      throw new FileError(`${path}: is no picture that can be read: ${reason}`, { cause: error })
    }
  }
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new FileError(`${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`, { cause: error })
  })
  if (found.isDirectory()) throw new FileError(`${path}: is a folder, and a picture is expected`)
  if (!found.isFile()) throw new FileError(`${path}: is no ordinary file`)
  if (found.size === 0) throw new FileError(`${path}: is empty`)
}

/** The same error with the file's name in front, where it is one of ours. */
export function withFile(error: unknown, path: string): unknown {
  if (error instanceof IsopixError) error.message = `${path}: ${error.message}`
  return error
}

const extensionOf = (path: string): string => extname(path).slice(1).toLowerCase()
const firstLine = (text: string): string => text.split('\n', 1)[0] as string
