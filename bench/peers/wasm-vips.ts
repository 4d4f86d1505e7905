// libvips in WebAssembly, with SIMD and threads.
import type { Image } from '../../src/index.js'
import type { Bound } from '../contender.js'
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = 'wasm-vips'
type Vips = Untyped
type VipsImage = Untyped

export const wasmVips: Peer = {
  name: NAME,
  packages: true,
  async open({ threads }) {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const { default: open } = await importPackage(NAME)
    const vips: Vips = await open({ dynamicLibraries: [] })
    vips.concurrency(threads)
    vips.Cache.max(0)
    return contenderOf<VipsImage>({
      name: NAME,
      about: `wasm-vips ${version}, ${threads} threads`,
      memory: 'ordinary',
      mostMegapixels: 2.1,
      operation: (meaning, size) => operationOf(vips, meaning, size),
      from: ({ width, height, channels, data }) => vips.Image.newFromMemory(data, width, height, channels, 'uchar'),
      to: (image) => ({
        width: image.width,
        height: image.height,
        channels: image.bands,
        data: new Uint8ClampedArray(image.writeToMemory()),
      }),
      free: (image) => image.delete(),
      close: () => vips.shutdown(),
    })
  },
}

function operationOf(vips: Vips, { name, values, table, matrix }: Meaning, { width, height, channels }: Pick<Image, 'width' | 'height' | 'channels'>): Operation<VipsImage> | undefined {
  if (!['replicate', undefined].includes(values['border'] as string)) return undefined
  const v = values as unknown as Numbers
  const side = 2 * v.radius + 1
  const uchar = (image: VipsImage): VipsImage => image.cast('uchar')
  const rounded = (image: VipsImage): VipsImage => uchar(image.rint())
  switch (name) {
    case 'invert':
      return { run: (image) => image.invert(), note: 'alpha is inverted too', ignoresAlpha: true }
    case 'linear':
      return { run: (image) => rounded(image.linear([v.scale, v.scale, v.scale, 1], [v.offset, v.offset, v.offset, 0])) }
    case 'threshold':
      return { run: (image) => image.moreEq(v.value) }
    case 'box-blur':
      return { run: (image) => image.conv(vips.Image.newFromArray(square(side, 1), side * side), { precision: 'integer' }), bound: { mean: 1, most: 2 } }
    case 'gaussian-blur':
      return { run: (image) => image.gaussblur(v.sigma), note: 'the kernel ends where weights fall below a fifth of the first', bound: { mean: 2, most: 16 } }
    case 'unsharp-mask': {
      const options = { sigma: v.sigma, m1: v.amount, m2: v.amount, x1: 0, y2: 100, y3: 100 }
      return channels === 1 ? undefined : { run: (image) => image.copy({ interpretation: 'srgb' }).sharpen(options), note: 'sharpens L of Lab', bound: { mean: 6, most: 128 } }
    }
    case 'convolve': {
      const kernel = values['kernel'] as readonly number[]
      const rows = Array.from({ length: v.height }, (_, y) => kernel.slice(y * v.width, (y + 1) * v.width))
      return { run: (image) => image.conv(vips.Image.newFromArray(rows, v.scale, v.offset), { precision: 'integer' }), note: 'alpha is convolved too', ignoresAlpha: true }
    }
    case 'sobel':
      return values['output'] === 'magnitude' ? { run: (image) => uchar(image.sobel()), note: '|gx| + |gy|, halved', bound: { mean: 64, most: 255 } } : undefined
    case 'median':
      return { run: (image) => image.rank(side, side, (side * side - 1) / 2), note: 'by rank' }
    case 'erode':
      return { run: (image) => image.rank(side, side, 0), note: 'by rank' }
    case 'dilate':
      return { run: (image) => image.rank(side, side, side * side - 1), note: 'by rank' }
    case 'equalize':
      return channels === 1 ? { run: (image) => image.histEqual(), bound: { mean: 3, most: 8 } } : undefined
    case 'resize': {
      const kernel = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic', mitchell: 'mitchell', lanczos2: 'lanczos2', lanczos3: 'lanczos3' }[values['kernel'] as string]
      if (kernel === undefined) return undefined
      return { run: (image) => image.resize(v.width / width, { vscale: v.height / height, kernel }), ...resizing(v.width < width) }
    }
    case 'rotate90':
      return { run: (image) => image.rot(`d${90 * v.turns}`) }
    case 'flip':
      return { run: (image) => image.flipVer() }
    case 'flop':
      return { run: (image) => image.flipHor() }
    case 'crop':
      return { run: (image) => image.crop(v.left, v.top, v.width, v.height) }
  }
  if (table !== undefined) return { run: (image) => image.maplut(vips.Image.newFromMemory(Uint8Array.from(table), 256, 1, 1, 'uchar')), note: 'alpha is looked up too', ignoresAlpha: true }
  if (matrix === undefined || channels === 1) return undefined
  const rows = [0, 1, 2, 3].map((row) => matrix.slice(5 * row, 5 * row + 4))
  return { run: (image) => rounded(image.recomb(vips.Image.newFromArray(rows))) }
}

/** Where an image grows, libvips transforms it, as sharp does. */
const resizing = (shrinks: boolean): { note?: string; bound: Bound } =>
  shrinks ? { bound: { mean: 1, most: 16 } } : { note: 'moved by a part of a pixel', bound: { mean: 6, most: 96 } }

const square = (side: number, weight: number): number[][] => Array.from({ length: side }, () => new Array<number>(side).fill(weight))
