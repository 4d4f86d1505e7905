// pica: resizing only, in WebAssembly on one thread where it runs in Node.
import type { Image } from '../../src/index.js'
import type { Meaning } from './meaning.js'
import { type Untyped, importPackage, installedVersion, notInstalled } from './packages.js'
import { type Numbers, type Operation, type Peer, contenderOf } from './peer.js'

const NAME = 'pica'

export const pica: Peer = {
  name: NAME,
  packages: true,
  async open() {
    const version = installedVersion(NAME)
    if (version === undefined) return notInstalled(NAME)
    const { default: create } = await importPackage(NAME)
    const resizer = create({ features: ['js', 'wasm'] })
    return contenderOf<Image>({
      name: NAME,
      about: `pica ${version}, WebAssembly, 1 thread`,
      memory: 'ordinary',
      operation: (meaning, size) => (size.channels === 4 ? operationOf(resizer, meaning) : undefined),
      from: (image) => image,
      to: (image) => image,
    })
  },
}

function operationOf(resizer: Untyped, { name, values }: Meaning): Operation<Image> | undefined {
  const filter = { lanczos3: 'lanczos3', lanczos2: 'lanczos2', box: 'box' }[values['kernel'] as string]
  if (name !== 'resize' || filter === undefined) return undefined
  const { width: toWidth, height: toHeight } = values as unknown as Numbers
  return {
    async run({ width, height, data: src }) {
      const data = await resizer.resizeBuffer({ src, width, height, toWidth, toHeight, filter })
      return { width: toWidth, height: toHeight, channels: 4, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }
    },
    bound: { mean: 1, most: 16 },
  }
}
