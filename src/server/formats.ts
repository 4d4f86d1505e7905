// Picture formats: what a body is, by its first bytes, and what an answer should be, by what the client accepts.

/** Every format that is read and written. Where a client likes several alike and its own is not among them, the first. */
export const FORMATS = {
  png: { type: 'image/png', hasQuality: false },
  jpeg: { type: 'image/jpeg', hasQuality: true },
  webp: { type: 'image/webp', hasQuality: true },
  tiff: { type: 'image/tiff', hasQuality: false },
  gif: { type: 'image/gif', hasQuality: false },
  avif: { type: 'image/avif', hasQuality: true },
} as const

export type Format = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[]
export const PICTURE_TYPES: readonly string[] = FORMAT_NAMES.map((name) => FORMATS[name].type)

const MAGIC: readonly (readonly [format: Format, pattern: RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[^]{4}WEBP/],
  ['tiff', /^(II[*+]\0|MM\0[*+])/],
  // A box of this kind lists brands; HEIC and video have others.
  ['avif', /^[^]{4}ftyp([^]{4})*?avi[fs]/],
]
const MAGIC_BYTES = 64

/** The format of a picture file, whatever it is called; undefined where it is none of ours. */
export function sniff(bytes: Uint8Array): Format | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAGIC_BYTES)).toString('latin1')
  return MAGIC.find(([, pattern]) => pattern.test(start))?.[0]
}

/**
 * The format for a client that sends this Accept header with a picture of format `source`: the one it likes best, and
 * `source` where it likes that as well as any; undefined where it accepts none.
 */
export function negotiate(accept: string | undefined, source: Format): Format | undefined {
  if (accept === undefined || accept.trim() === '') return source
  const ranges = accept.split(',').map(readRange)
  let best: Format | undefined
  let bestWeight = 0
  for (const format of [source, ...FORMAT_NAMES]) {
    const weight = weightOf(FORMATS[format].type, ranges)
    if (weight > bestWeight) [best, bestWeight] = [format, weight]
  }
  return best
}

interface Range {
  readonly type: string
  readonly weight: number
}

function readRange(text: string): Range {
  const [type = '', ...params] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = params.find((param) => param.startsWith('q='))
  const weight = q === undefined ? 1 : Number(q.slice(2))
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

/** What the most specific range that fits says; 0 where none fits. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const range of [type, 'image/*', '*/*']) {
    const found = ranges.find((candidate) => candidate.type === range)
    if (found !== undefined) return found.weight
  }
  return 0
}
