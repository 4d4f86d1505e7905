import { BackendError, DisposedError } from '../../errors.js'
import type { Image } from '../../image.js'
import type { Resources } from './resources.js'

/** Frees images that were forgotten instead of disposed. */
const forgotten = new FinalizationRegistry<{ resources: Resources; buffer: GPUBuffer }>(({ resources, buffer }) => resources.give(buffer))

/** The backend that made an image. */
interface Home {
  readonly resources: Resources
  readonly lost: string | undefined
  run(call: { readonly image: GpuImage; readonly steps: readonly [] }): Promise<{ readonly image: Image }>
  present(image: GpuImage): Promise<ImageBitmap | undefined>
}

/** Pixels that stay on the GPU, in units (units.ts). It owns its buffer. */
export class GpuImage {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly #home: Home
  #buffer: GPUBuffer | undefined

  constructor(home: Home, { width, height, channels }: Omit<Image, 'data'>, buffer: GPUBuffer) {
    this.width = width
    this.height = height
    this.channels = channels
    this.#home = home
    this.#buffer = buffer
    forgotten.register(this, { resources: home.resources, buffer }, this)
  }

  get buffer(): GPUBuffer {
    if (this.#buffer === undefined) throw new DisposedError('image: it was disposed; its memory may hold other pixels now')
    const { lost } = this.#home
    if (lost !== undefined) throw new BackendError(`image: it was lost with the GPU that held it (${lost}); make it again`)
    return this.#buffer
  }

  isOn(backend: object): boolean {
    return this.#home === backend
  }

  /** A copy of the pixels. */
  async read(): Promise<Image> {
    return (await this.#home.run({ image: this, steps: [] })).image
  }

  /** The pixels as a bitmap, without a copy to the CPU; undefined where there is no way. */
  present(): Promise<ImageBitmap | undefined> {
    return this.#home.present(this)
  }

  dispose(): void {
    const buffer = this.#buffer
    if (buffer === undefined) return
    this.#buffer = undefined
    forgotten.unregister(this)
    this.#home.resources.give(buffer)
  }
}
