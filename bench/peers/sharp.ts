// sharp, which is libvips: ordinary buffers in and out.
import sharp, { type KernelEnum, type Sharp } from 'sharp'
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

type Pipeline = (picture: Sharp) => Sharp

export const sharpPeer: Peer = {
  name: 'sharp',
  async open({ threads }) {
    sharp.cache(false)
    sharp.concurrency(threads)
    return contenderOf<Image>({
      name: 'sharp',
      about: `sharp ${sharp.versions['sharp']}, libvips ${sharp.versions.vips}, ${threads} threads`,
      memory: 'ordinary',
      operation: operationOf,
      from: (image) => image,
      to: (image) => image,
    })
  },
}

/** Its operations have an order of their own, so that each step of a chain is a pipeline. */
function operationOf(meaning: Meaning, { width, height }: Pick<Image, 'width' | 'height'>): Operation<Image> | undefined {
  const found = pipelineOf(meaning, width, height)
  if (found === undefined) return undefined
  const { pipeline, ...rest } = 'pipeline' in found ? found : { pipeline: found }
  return { ...rest, run: (image) => run(image, pipeline) }
}

type Found = Pipeline | (Omit<Operation<Image>, 'run'> & { readonly pipeline: Pipeline })

function pipelineOf({ name, values, matrix }: Meaning, width: number, height: number): Found | undefined {
  if (!['replicate', undefined].includes(values['border'] as string)) return undefined
  const v = values as unknown as Numbers
  const side = 2 * v.radius + 1
  switch (name) {
    case 'invert':
      return (picture) => picture.negate({ alpha: false })
    case 'linear':
      return (picture) => picture.linear(v.scale, v.offset)
    case 'threshold':
      return (picture) => picture.threshold(v.value, { greyscale: false })
    case 'luminance':
      return { pipeline: (picture) => picture.greyscale().toColourspace('b-w').removeAlpha(), note: 'grey in linear light', bound: { mean: 12, most: 64 } }
    case 'box-blur':
      return (picture) => picture.convolve({ width: side, height: side, kernel: new Array<number>(side * side).fill(1) })
    case 'gaussian-blur':
      return { pipeline: (picture) => picture.blur(v.sigma), note: 'the kernel ends where weights fall below a fifth of the first', bound: { mean: 2, most: 16 } }
    case 'unsharp-mask': {
      const options = { sigma: v.sigma, m1: v.amount, m2: v.amount, x1: 0, y2: 100, y3: 100 }
      return { pipeline: (picture) => picture.sharpen(options), note: 'sharpens L of Lab', bound: { mean: 6, most: 128 } }
    }
    case 'convolve': {
      const kernel = { width: v.width, height: v.height, scale: v.scale, offset: v.offset, kernel: values['kernel'] as number[] }
      return { pipeline: (picture) => picture.convolve(kernel), note: 'alpha is convolved too', ignoresAlpha: true }
    }
    case 'median':
      return (picture) => picture.median(side)
    case 'erode':
      return { pipeline: (picture) => picture.erode(v.radius), note: 'works on bits, for black and white' }
    case 'dilate':
      return { pipeline: (picture) => picture.dilate(v.radius), note: 'works on bits, for black and white' }
    case 'resize': {
      const kernel = KERNELS[values['kernel'] as string]
      if (kernel === undefined) return undefined
      const pipeline: Pipeline = (picture) => picture.resize(v.width, v.height, { fit: 'fill', kernel })
      // Where an image grows, libvips transforms it.
      return v.width < width ? { pipeline, bound: { mean: 1, most: 16 } } : { pipeline, note: 'moved by a part of a pixel', bound: { mean: 6, most: 96 } }
    }
    case 'rotate90':
      return (picture) => picture.rotate(90 * v.turns)
    case 'flip':
      return (picture) => picture.flip()
    case 'flop':
      return (picture) => picture.flop()
    case 'crop':
      if (v.left + v.width > width || v.top + v.height > height) return undefined
      return (picture) => picture.extract({ left: v.left, top: v.top, width: v.width, height: v.height })
  }
  if (matrix === undefined || !leavesAlpha(matrix)) return undefined
  const row = (i: number): [number, number, number] => matrix.slice(5 * i, 5 * i + 3) as [number, number, number]
  return (picture) => picture.recomb([row(0), row(1), row(2)])
}

/** Whether a matrix mixes colours only. */
const leavesAlpha = (matrix: readonly number[]): boolean => matrix.every((factor, i) => (i < 15 && i % 5 < 3) || factor === (i === 18 ? 1 : 0))

const KERNELS: Readonly<Record<string, keyof KernelEnum>> = {
  nearest: 'nearest',
  bilinear: 'linear' as keyof KernelEnum,
  bicubic: 'cubic',
  mitchell: 'mitchell',
  lanczos2: 'lanczos2',
  lanczos3: 'lanczos3',
}

async function run({ width, height, channels, data }: Image, pipeline: Pipeline): Promise<Image> {
  const picture = pipeline(sharp(data, { raw: { width, height, channels } }))
  const { data: bytes, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return {
    width: info.width,
    height: info.height,
    channels: info.channels as Image['channels'],
    data: new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length),
  }
}
