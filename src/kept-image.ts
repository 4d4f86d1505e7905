import { platform } from '#platform'
import { ResidentImage } from './backends/wasm/resident.js'
import { GpuImage } from './backends/webgpu/gpu-image.js'
import type { Global } from './globals.js'
import type { Image } from './image.js'
import { type Canvas, drawTo, toImageBitmap, toImageData } from './result.js'
import type { RunInfo } from './run-info.js'

/**
 * Where a kept image is.
 * @internal
 */
export type Store = GpuImage | ResidentImage

/**
 * A result that stays where it was made, on the GPU or in the engine's memory, for the next call or to be shown. Free it
 * with `using` or `dispose()`; one that is collected frees itself, but the collector does not see how large it is.
 */
export class KeptImage implements Disposable {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly run: RunInfo
  readonly #store: Store

  /** @internal */
  constructor(store: Store, run: RunInfo) {
    this.width = store.width
    this.height = store.height
    this.channels = store.channels
    this.run = run
    this.#store = store
  }

  /**
   * Where an image is; for the engine.
   * @internal
   */
  static storeOf(image: KeptImage): Store {
    return image.#store
  }

  /** A copy of the pixels. */
  async read(): Promise<Image> {
    if (this.#store instanceof GpuImage) return this.#store.read()
    const { width, height, channels, data } = this.#store
    const copy = platform.allocate(data.length)
    platform.copy(copy, data)
    return { width, height, channels, data: copy }
  }

  /** The pixels as ImageData: grey as three equal channels, alpha 255 where there is none. Only where ImageData exists. */
  async toImageData(): Promise<Global<'ImageData'>> {
    return toImageData(await this.read())
  }

  /** The pixels as a bitmap; browsers hold those premultiplied, so that colour under low alpha is rounded. */
  async toImageBitmap(): Promise<Global<'ImageBitmap'>> {
    const store = this.#store
    return store instanceof GpuImage ? ((await store.present()) ?? toImageBitmap(await store.read())) : toImageBitmap(store)
  }

  /**
   * Shows the pixels in a canvas, which takes their size; from the GPU without a copy to the CPU, unless the canvas has a 2D
   * context. See `Result.drawTo` for the canvases that are taken.
   */
  async drawTo(canvas: Canvas): Promise<void> {
    await drawTo(canvas, () => this.toImageData(), () => this.toImageBitmap())
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#store.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
