// OpenCV in WebAssembly, as published: without SIMD and without threads.
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = '@techstark/opencv-js'
type Cv = Untyped
type Mat = Untyped

export const opencvJs: Peer = {
  name: 'opencv-js',
  packages: true,
  async open() {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const { default: cv } = await importPackage(NAME)
    // A promise of the library would never be kept: it has a method called "then".
    if (cv.Mat === undefined) await new Promise<void>((resolve) => (cv.onRuntimeInitialized = resolve))
    return contenderOf<Mat>({
      name: 'opencv-js',
      about: `OpenCV.js ${version}, 1 thread, no SIMD`,
      memory: 'ordinary',
      mostMegapixels: 2.1,
      operation: (meaning, size) => operationOf(cv, meaning, size),
      from: ({ width, height, channels, data }) => cv.matFromArray(height, width, channels === 1 ? cv.CV_8UC1 : cv.CV_8UC4, data),
      to: (mat) => ({ width: mat.cols, height: mat.rows, channels: mat.channels(), data: new Uint8ClampedArray(mat.data) }),
      free: (mat) => mat.delete(),
    })
  },
}

function operationOf(cv: Cv, { name, values, table, matrix }: Meaning, { width, height, channels }: Pick<Image, 'width' | 'height' | 'channels'>): Operation<Mat> | undefined {
  if (!['replicate', undefined].includes(values['border'] as string)) return undefined
  const v = values as unknown as Numbers
  const side = 2 * v.radius + 1
  const border = cv.BORDER_REPLICATE
  const centre = new cv.Point(-1, -1)
  /** A function of OpenCV from one image to another. */
  const into = (call: (src: Mat, dst: Mat) => void): ((src: Mat) => Mat) => (src) => {
    const dst = new cv.Mat()
    call(src, dst)
    return dst
  }
  switch (name) {
    case 'invert':
      return { run: into((src, dst) => cv.bitwise_not(src, dst)), note: 'alpha is inverted too', ignoresAlpha: true }
    case 'threshold':
      return { run: into((src, dst) => cv.threshold(src, dst, v.value - 1, 255, cv.THRESH_BINARY)) }
    case 'luminance':
      return values['weights'] === 'bt601' ? { run: into((src, dst) => cv.cvtColor(src, dst, cv.COLOR_RGBA2GRAY)) } : undefined
    case 'box-blur':
      return { run: into((src, dst) => cv.blur(src, dst, new cv.Size(side, side), centre, border)) }
    case 'gaussian-blur':
      return { run: into((src, dst) => cv.GaussianBlur(src, dst, new cv.Size(0, 0), v.sigma, v.sigma, border)) }
    case 'unsharp-mask':
      if (v.threshold !== 0) return undefined
      return {
        run: into((src, dst) => {
          cv.GaussianBlur(src, dst, new cv.Size(0, 0), v.sigma, v.sigma, border)
          cv.addWeighted(src, 1 + v.amount, dst, -v.amount, 0, dst)
        }),
      }
    case 'convolve': {
      const kernel = cv.matFromArray(v.height, v.width, cv.CV_32F, (values['kernel'] as number[]).map((weight) => weight / v.scale))
      return { run: into((src, dst) => cv.filter2D(src, dst, -1, kernel, centre, v.offset, border)), note: 'alpha is convolved too', ignoresAlpha: true }
    }
    case 'median':
      return { run: into((src, dst) => cv.medianBlur(src, dst, side)) }
    case 'erode':
    case 'dilate': {
      const window = cv.Mat.ones(side, side, cv.CV_8U)
      return { run: into((src, dst) => cv[name](src, dst, window, centre, 1, border, new cv.Scalar())) }
    }
    case 'equalize':
      return channels === 1 ? { run: into((src, dst) => cv.equalizeHist(src, dst)) } : undefined
    case 'resize':
      return resizing(cv, values['kernel'] as string, v, width % v.width === 0 && height % v.height === 0, v.width < width, into)
    case 'rotate90':
      return { run: into((src, dst) => cv.rotate(src, dst, [cv.ROTATE_90_CLOCKWISE, cv.ROTATE_180, cv.ROTATE_90_COUNTERCLOCKWISE][v.turns - 1])) }
    case 'flip':
      return { run: into((src, dst) => cv.flip(src, dst, 0)) }
    case 'flop':
      return { run: into((src, dst) => cv.flip(src, dst, 1)) }
    case 'crop':
      return { run: into((src, dst) => src.roi(new cv.Rect(v.left, v.top, v.width, v.height)).copyTo(dst)) }
  }
  if (table !== undefined) {
    const entries = cv.matFromArray(1, 256, cv.CV_8U, table)
    return { run: into((src, dst) => cv.LUT(src, entries, dst)), note: 'alpha is looked up too', ignoresAlpha: true }
  }
  if (matrix === undefined || channels === 1) return undefined
  const factors = cv.matFromArray(4, 5, cv.CV_32F, matrix.map((factor, i) => (i % 5 === 4 ? 255 * factor : factor)))
  return { run: into((src, dst) => cv.transform(src, dst, factors)) }
}

/** As native OpenCV: where an image shrinks, only INTER_AREA weighs every pixel. */
function resizing(cv: Cv, kernel: string, { width, height }: Numbers, whole: boolean, shrinks: boolean, into: (call: (src: Mat, dst: Mat) => void) => (src: Mat) => Mat): Operation<Mat> | undefined {
  const run = (method: number): ((src: Mat) => Mat) => into((src, dst) => cv.resize(src, dst, new cv.Size(width, height), 0, 0, method))
  const rough = shrinks ? { note: 'no antialiasing', bound: { mean: 16, most: 255 } } : {}
  if (kernel === 'box' && whole) return { run: run(cv.INTER_AREA) }
  if (kernel === 'bilinear') return { run: run(cv.INTER_LINEAR), ...rough }
  if (kernel === 'bicubic') return { run: run(cv.INTER_CUBIC), note: 'a cubic with a = -0.75 instead of -0.5', bound: { mean: 3, most: 64 } }
  if (kernel === 'lanczos3') return { run: run(cv.INTER_LANCZOS4), note: 'Lanczos with 4 lobes instead of 3', bound: { mean: 3, most: 64 }, ...rough }
  return undefined
}
