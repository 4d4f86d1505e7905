import {
  type Image,
  type Step,
  boxBlur,
  convolve,
  crop,
  dilate,
  equalize,
  erode,
  flip,
  flop,
  gaussianBlur,
  grayscale,
  invert,
  linear,
  luminance,
  lut,
  median,
  resize,
  rotate90,
  saturate,
  sepia,
  sobel,
  threshold,
  unsharpMask,
} from '../src/index.js'
import type { Bound } from './contender.js'

/** Steps that other libraries have as well. */
export interface Workload {
  readonly name: string
  readonly steps: readonly Step[]
  /** Of the image. */
  readonly channels: 1 | 4
  /** How far the pictures of others may be away, where it is more than usual. */
  readonly bound?: Bound
}

const CURVE = Array.from({ length: 256 }, (_, level) => Math.round(255 * (level / 255) ** 0.6))

/** Pixels on the edge of a threshold become black or white. */
const ON_THE_EDGE: Bound = { mean: 1, most: 255 }

/** What is compared with peers, for an image of this size. */
export function workloads({ width, height }: Pick<Image, 'width' | 'height'>): readonly Workload[] {
  const size = (factor: number): { width: number; height: number } => ({ width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) })
  return [
    on(4, 'invert', invert()),
    on(4, 'linear 1.2, -10', linear({ scale: 1.2, offset: -10 })),
    on(4, 'lut', lut({ table: CURVE })),
    on(4, 'threshold', threshold({ value: 128 })),
    on(4, 'sepia', sepia()),
    on(4, 'saturate 1.5', saturate({ amount: 1.5 })),
    on(4, 'grayscale', grayscale({ weights: 'bt601' })),
    on(4, 'luminance', luminance({ weights: 'bt601' })),
    on(4, 'box blur 5', boxBlur({ radius: 5 })),
    on(4, 'gaussian 2', gaussianBlur({ sigma: 2 })),
    on(4, 'gaussian 10', gaussianBlur({ sigma: 10 })),
    on(4, 'unsharp mask 2', unsharpMask({ sigma: 2 })),
    on(4, 'convolve 3x3', convolve({ kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1], scale: 16 })),
    on(4, 'convolve 5x5', convolve({ width: 5, height: 5, kernel: Array.from({ length: 25 }, (_, i) => 1 + (i % 7)), scale: 94 })),
    on(1, 'sobel, 1 channel', sobel()),
    on(1, 'sobel x, 1 channel', sobel({ output: 'x' })),
    on(4, 'median 3x3', median({ radius: 1 })),
    on(4, 'median 5x5', median({ radius: 2 })),
    on(4, 'median 7x7', median({ radius: 3 })),
    on(4, 'median 21x21', median({ radius: 10 })),
    on(4, 'erode 5x5', erode({ radius: 2 })),
    on(4, 'erode 21x21', erode({ radius: 10 })),
    on(4, 'dilate 5x5', dilate({ radius: 2 })),
    on(1, 'equalize, 1 channel', equalize()),
    on(4, 'equalize', equalize()),
    on(4, 'resize to half, box', resize({ ...size(0.5), kernel: 'box' })),
    on(4, 'resize to half, bilinear', resize({ ...size(0.5), kernel: 'bilinear' })),
    on(4, 'resize by 0.4, lanczos', resize({ ...size(0.4), kernel: 'lanczos3' })),
    on(4, 'resize by 1.5, bilinear', resize({ ...size(1.5), kernel: 'bilinear' })),
    on(4, 'resize by 1.5, bicubic', resize({ ...size(1.5), kernel: 'bicubic' })),
    on(4, 'rotate 90', rotate90()),
    on(4, 'rotate 180', rotate90({ turns: 2 })),
    on(4, 'flip', flip()),
    on(4, 'flop', flop()),
    on(4, 'crop', crop({ left: width >> 3, top: height >> 3, ...size(0.75) })),
    { ...on(4, 'chain: luminance, gaussian 2, sobel, threshold', luminance({ weights: 'bt601' }), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })), bound: ON_THE_EDGE },
    on(4, 'chain: sepia, lut, unsharp mask 3', sepia(), lut({ table: CURVE }), unsharpMask({ sigma: 3 })),
    on(4, 'chain: five tables', invert(), linear({ scale: 1.1 }), lut({ table: CURVE }), linear({ scale: 0.7 }), threshold({ value: 40 })),
    on(4, 'chain: median 3x3, unsharp mask 2', median({ radius: 1 }), unsharpMask({ sigma: 2 })),
    on(4, 'chain: resize by 0.4, linear, unsharp mask 1', resize(size(0.4)), linear({ scale: 1.1, offset: -10 }), unsharpMask({ sigma: 1 })),
  ]
}

const on = (channels: 1 | 4, name: string, ...steps: readonly Step[]): Workload => ({ name, steps, channels })
