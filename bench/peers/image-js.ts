// image-js: plain JavaScript.
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = 'image-js'
type ImageJs = Untyped

export const imageJs: Peer = {
  name: NAME,
  packages: true,
  async open() {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const library = await importPackage(NAME)
    return contenderOf<ImageJs>({
      name: NAME,
      about: `image-js ${version}, plain JavaScript`,
      memory: 'ordinary',
      mostMegapixels: 0.13,
      operation: operationOf,
      from: ({ width, height, channels, data }) =>
        new library.Image(width, height, { colorModel: channels === 1 ? 'GREY' : 'RGBA', data: new Uint8Array(data) }),
      to: (image) => {
        const { data } = image.getRawImage()
        return { width: image.width, height: image.height, channels: image.channels, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }
      },
    })
  },
}

function operationOf({ name, values }: Meaning, { channels }: Pick<Image, 'channels'>): Operation<ImageJs> | undefined {
  if (!['replicate', undefined].includes(values['border'] as string)) return undefined
  const v = values as unknown as Numbers
  const side = 2 * v.radius + 1
  const borderType = 'replicate'
  switch (name) {
    case 'invert':
      return { run: (image) => image.invert() }
    case 'luminance':
      return { run: (image) => image.grey({ algorithm: values['weights'] === 'bt601' ? 'luma601' : 'luma709' }), bound: { mean: 1, most: 2 } }
    case 'box-blur':
      return { run: (image) => image.blur({ width: side, height: side, borderType }) }
    case 'gaussian-blur':
      return { run: (image) => image.gaussianBlur({ sigma: v.sigma, borderType }), note: 'a shorter kernel', bound: { mean: 1, most: 8 } }
    case 'convolve': {
      const kernel = values['kernel'] as readonly number[]
      const rows = Array.from({ length: v.height }, (_, y) => kernel.slice(y * v.width, (y + 1) * v.width).map((weight) => weight / v.scale))
      return { run: (image) => image.directConvolution?.(rows, { borderType }) ?? image.convolution(rows, { borderType }), note: 'alpha is convolved too', ignoresAlpha: true }
    }
    case 'sobel':
      return channels === 1 && values['output'] === 'magnitude' ? { run: (image) => image.derivativeFilter({ filter: 'sobel', borderType }), note: 'gradients beyond 255 wrap around', bound: { mean: 2, most: 255 } } : undefined
    case 'median':
      return { run: (image) => image.medianFilter({ cellSize: side, borderType }) }
    case 'erode':
    case 'dilate':
      return channels === 1 ? { run: (image) => image[name]({ kernel: Array.from({ length: side }, () => new Array<number>(side).fill(1)) }) } : undefined
    case 'resize': {
      const interpolationType = { nearest: 'nearest', bilinear: 'bilinear', bicubic: 'bicubic' }[values['kernel'] as string]
      if (interpolationType === undefined) return undefined
      return { run: (image) => image.resize({ width: v.width, height: v.height, preserveAspectRatio: false, interpolationType }), note: 'no antialiasing; moved by a part of a pixel', bound: { mean: 16, most: 255 } }
    }
    case 'flip':
      return { run: (image) => image.clone().flip({ axis: 'vertical' }) }
    case 'flop':
      return { run: (image) => image.clone().flip({ axis: 'horizontal' }) }
    case 'rotate90':
      return { run: (image) => image.rotate(90 * v.turns) }
    case 'crop':
      return { run: (image) => image.crop({ origin: { column: v.left, row: v.top }, width: v.width, height: v.height }) }
  }
  return undefined
}
