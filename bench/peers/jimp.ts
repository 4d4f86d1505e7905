// jimp: plain JavaScript. Its methods change the image.
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = 'jimp'
type JimpImage = Untyped

export const jimp: Peer = {
  name: NAME,
  packages: true,
  async open() {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const { Jimp } = await importPackage(NAME)
    return contenderOf<JimpImage>({
      name: NAME,
      about: `jimp ${version}, plain JavaScript`,
      memory: 'ordinary',
      mostMegapixels: 0.13,
      operation: (meaning, { channels }) => (channels === 4 ? operationOf(meaning) : undefined),
      from: ({ width, height, data }) => Jimp.fromBitmap({ width, height, data: Buffer.from(data) }),
      to: ({ bitmap: { width, height, data } }) => ({ width, height, channels: 4, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }),
    })
  },
}

function operationOf({ name, values }: Meaning): Operation<JimpImage> | undefined {
  const v = values as unknown as Numbers
  switch (name) {
    case 'invert':
      return { run: (image) => image.invert() }
    case 'grayscale':
      return { run: (image) => image.greyscale(), note: 'weights of bt709', bound: { mean: 8, most: 32 } }
    case 'sepia':
      return { run: (image) => image.sepia(), note: 'green and blue are made from the new red' }
    case 'threshold':
      return { run: (image) => image.threshold({ max: v.value, autoGreyscale: false }) }
    case 'box-blur':
      return { run: (image) => image.blur(v.radius), note: 'two box blurs', bound: { mean: 6, most: 96 } }
    case 'gaussian-blur':
      // With a large one a call takes half a minute.
      return v.sigma > 5 ? undefined : { run: (image) => image.gaussian(Math.round(v.sigma)), note: 'by a radius', bound: { mean: 3, most: 64 } }
    case 'convolve': {
      const kernel = values['kernel'] as readonly number[]
      const rows = Array.from({ length: v.height }, (_, y) => kernel.slice(y * v.width, (y + 1) * v.width).map((weight) => weight / v.scale))
      return { run: (image) => image.convolute({ kernel: rows }), bound: { mean: 1, most: 16 } }
    }
    case 'resize': {
      const mode = { nearest: 'nearestNeighbor', bilinear: 'bilinearInterpolation', bicubic: 'bicubicInterpolation' }[values['kernel'] as string]
      return mode === undefined ? undefined : { run: (image) => image.resize({ w: v.width, h: v.height, mode }), note: 'no antialiasing', bound: { mean: 16, most: 255 } }
    }
    case 'flip':
      return { run: (image) => image.flip({ vertical: true }) }
    case 'flop':
      return { run: (image) => image.flip({ horizontal: true }) }
    case 'rotate90':
      return { run: (image) => image.rotate(-90 * v.turns) }
    case 'crop':
      return { run: (image) => image.crop({ x: v.left, y: v.top, w: v.width, h: v.height }) }
  }
  return undefined
}
