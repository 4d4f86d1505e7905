// photon: Rust in WebAssembly, without SIMD and without threads. Most of its functions change the image that they get.
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = '@silvia-odwyer/photon-node'
type Photon = Untyped
type PhotonImage = Untyped

export const photon: Peer = {
  name: 'photon',
  packages: true,
  async open() {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const { default: library } = await importPackage(NAME)
    return contenderOf<PhotonImage>({
      name: 'photon',
      about: `photon ${version}, 1 thread, no SIMD`,
      memory: 'ordinary',
      mostMegapixels: 2.1,
      operation: (meaning, size) => (size.channels === 4 ? operationOf(library, meaning) : undefined),
      from: ({ width, height, data }) => new library.PhotonImage(new Uint8Array(data.buffer, data.byteOffset, data.length), width, height),
      to: (image) => ({ width: image.get_width(), height: image.get_height(), channels: 4, data: new Uint8ClampedArray(image.get_raw_pixels()) }),
      free: (image) => image.free(),
    })
  },
}

function operationOf(library: Photon, { name, values }: Meaning): Operation<PhotonImage> | undefined {
  const v = values as unknown as Numbers
  /** A function that changes its image. */
  const changed = (call: (image: PhotonImage) => void): ((image: PhotonImage) => PhotonImage) => (image) => {
    call(image)
    return image
  }
  switch (name) {
    case 'invert':
      return { run: changed((image) => library.invert(image)) }
    case 'grayscale':
      return { run: changed((image) => library.grayscale_human_corrected(image)), bound: { mean: 3, most: 12 } }
    case 'sepia':
      return { run: changed((image) => library.sepia(image)), note: 'another matrix' }
    case 'threshold':
      return { run: changed((image) => library.threshold(image, v.value)), note: 'of the grey level' }
    case 'box-blur':
      return v.radius === 1 ? { run: changed((image) => library.box_blur(image)) } : undefined
    case 'gaussian-blur':
      return { run: changed((image) => library.gaussian_blur(image, Math.round(v.sigma))), note: 'three box blurs', bound: { mean: 3, most: 32 } }
    case 'sobel':
      return values['output'] === 'magnitude' ? { run: changed((image) => library.sobel_global(image)), bound: { mean: 12, most: 255 } } : undefined
    case 'resize': {
      const filter = { nearest: 1, bilinear: 2, bicubic: 3, lanczos3: 5 }[values['kernel'] as string]
      return filter === undefined ? undefined : { run: (image) => library.resize(image, v.width, v.height, filter), bound: { mean: 2, most: 48 } }
    }
    case 'flip':
      return { run: changed((image) => library.flipv(image)) }
    case 'flop':
      return { run: changed((image) => library.fliph(image)) }
    case 'rotate90':
      return { run: (image) => library.rotate(image, 90 * v.turns) }
    case 'crop':
      return { run: (image) => library.crop(image, v.left, v.top, v.left + v.width, v.top + v.height) }
  }
  return undefined
}
