// TensorFlow.js on its WebAssembly backend: what of image filters its operations can do.
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const [CORE, WASM] = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm']
type Tf = Untyped
/** Of one image: rows, columns, channels; in floating point. */
type Tensor = Untyped

export const tfjs: Peer = {
  name: 'tfjs',
  packages: true,
  async open() {
    const version = installedVersion(WASM as string)
    if (version === undefined) return notInstalled(WASM as string)
    const tf: Tf = await importPackage(CORE as string)
    const wasm = await importPackage(WASM as string)
    await tf.setBackend('wasm')
    await tf.ready()
    return contenderOf<Tensor>({
      name: 'tfjs',
      about: `tfjs ${version}, WebAssembly, ${wasm.getThreadsCount?.() ?? 1} threads`,
      memory: 'ordinary',
      mostMegapixels: 2.1,
      operation: (meaning, size) => operationOf(tf, meaning, size),
      from: ({ width, height, channels, data }) => tf.tensor3d(Float32Array.from(data), [height, width, channels]),
      // Typed arrays round and clamp.
      to: (tensor) => ({ width: tensor.shape[1], height: tensor.shape[0], channels: tensor.shape[2], data: Uint8ClampedArray.from(tensor.dataSync()) }),
      free: (tensor) => tensor.dispose(),
    })
  },
}

function operationOf(tf: Tf, { name, values }: Meaning, { width, height, channels }: Pick<Image, 'width' | 'height' | 'channels'>): Operation<Tensor> | undefined {
  const v = values as unknown as Numbers
  const tidy = (work: (image: Tensor) => Tensor): ((image: Tensor) => Tensor) => (image) => tf.tidy(() => work(image))
  const alphaToo = { note: 'of alpha too', ignoresAlpha: true }
  switch (name) {
    case 'invert':
      return { run: tidy((image) => tf.sub(255, image)), ...alphaToo }
    case 'linear':
      return { run: tidy((image) => tf.clipByValue(tf.add(tf.mul(image, v.scale), v.offset), 0, 255)), ...alphaToo }
    case 'threshold':
      return { run: tidy((image) => tf.mul(tf.cast(tf.greaterEqual(image, v.value), 'float32'), 255)) }
    case 'convolve': {
      const kernel = Float32Array.from(values['kernel'] as number[], (weight) => weight / v.scale)
      return { run: tidy((image) => convolution(tf, image, kernel, v.height, v.width, channels)), ...alphaToo, note: 'of alpha too; 0 outside the image', bound: { mean: 2, most: 255 } }
    }
    case 'dilate':
      return { run: tidy((image) => tf.maxPool(image, 2 * v.radius + 1, 1, 'same')) }
    case 'resize':
      if (values['kernel'] !== 'bilinear') return undefined
      return {
        run: tidy((image) => tf.image.resizeBilinear(image, [v.height, v.width], false, true)),
        ...(v.width < width || v.height < height ? { note: 'no antialiasing', bound: { mean: 16, most: 255 } } : {}),
      }
    case 'flip':
      return { run: tidy((image) => tf.reverse(image, 0)) }
    case 'flop':
      return { run: tidy((image) => tf.reverse(image, 1)) }
    case 'rotate90':
      return v.turns === 1 ? { run: tidy((image) => tf.reverse(tf.transpose(image, [1, 0, 2]), 1)) } : undefined
    case 'crop':
      return { run: tidy((image) => tf.slice(image, [v.top, v.left, 0], [v.height, v.width, channels])) }
  }
  return undefined
}

/** The same kernel for every channel. */
function convolution(tf: Tf, image: Tensor, kernel: Float32Array, rows: number, columns: number, channels: number): Tensor {
  const weights = Float32Array.from({ length: kernel.length * channels }, (_, i) => kernel[Math.floor(i / channels)] as number)
  return tf.depthwiseConv2d(image, tf.tensor4d(weights, [rows, columns, channels, 1]), 1, 'same')
}
