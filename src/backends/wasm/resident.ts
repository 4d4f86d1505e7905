import { DisposedError } from '../../errors.js'
import type { Image } from '../../image.js'
import type { Arena } from './memory.js'
import { SLACK_BYTES } from './records.js'

/** Frees images that were forgotten instead of disposed. */
const forgotten = new FinalizationRegistry<{ arena: Arena; address: number }>(({ arena, address }) => arena.free(address))

/**
 * An image inside the engine's memory: calls read and write it without a copy. `data` is the memory itself. Free it
 * with `using`, or `dispose()`; one that is collected with its `data` frees itself. Where memory cannot be shared with
 * workers it is an ordinary buffer.
 */
export class ResidentImage implements Image, Disposable {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  /** @internal */
  readonly arena: Arena | undefined
  readonly #address: number
  #data: Uint8ClampedArray | undefined

  /**
   * @param blank Whether all bytes are 0; else they are anything, for those who write all of them.
   * @internal
   */
  constructor(arena: Arena | undefined, { width, height, channels }: Omit<Image, 'data'>, blank: boolean) {
    const size = width * height * channels
    this.width = width
    this.height = height
    this.channels = channels
    this.arena = arena
    if (arena === undefined) {
      this.#address = 0
      this.#data = new Uint8ClampedArray(size)
      return
    }
    this.#address = arena.allocate(size + SLACK_BYTES)
    this.#data = new Uint8ClampedArray(arena.memory.buffer, this.#address, size)
    if (blank) this.#data.fill(0)
    // The view, not the image: who holds only `data` still uses the memory.
    forgotten.register(this.#data, { arena, address: this.#address }, this)
  }

  get data(): Uint8ClampedArray {
    if (this.#data === undefined) throw new DisposedError('image: it was disposed; its memory may hold other pixels now')
    return this.#data
  }

  /** @internal */
  get address(): number {
    return this.data.length > 0 ? this.#address : 0
  }

  /** Gives the memory back. Nothing may use `data` after that. */
  dispose(): void {
    if (this.#data === undefined) return
    this.#data = undefined
    forgotten.unregister(this)
    this.arena?.free(this.#address)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
