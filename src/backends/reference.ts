import { clamped, type Image } from '../image.js'
import { platform } from '#platform'
import type { Backend, Call, Outcome } from './backend.js'

/** Runs the definitions' references, one step after the other: the specification, and the last resort. */
export const referenceBackend: Backend = {
  name: 'reference',

  async run({ image, steps, into, signal, onProgress }: Call): Promise<Outcome> {
    let now = image.channels === 3 ? addAlpha(image) : image
    for (const [index, { filter, values }] of steps.entries()) {
      await platform.nextTask()
      signal?.throwIfAborted()
      now = filter.reference(now, values)
      onProgress?.((index + 1) / steps.length)
    }
    const result = image.channels === 3 && now.channels === 4 ? dropAlpha(now) : now
    const data = into?.data ?? new Uint8ClampedArray(result.data.length)
    data.set(result.data)
    return { image: into ?? { ...result, data: clamped(data) }, passes: steps.length, strips: 1, bytesMoved: data.length }
  },

  async close() {},
}

function addAlpha({ width, height, data }: Image): Image {
  const out = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) out.set(data.subarray(i * 3, i * 3 + 3), i * 4)
  return { width, height, channels: 4, data: out }
}

function dropAlpha({ width, height, data }: Image): Image {
  const out = new Uint8ClampedArray(width * height * 3)
  for (let i = 0; i < width * height; i++) out.set(data.subarray(i * 4, i * 4 + 3), i * 3)
  return { width, height, channels: 3, data: out }
}
