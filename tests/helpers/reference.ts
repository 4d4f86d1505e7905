import { referenceBackend } from '../../src/backends/reference.js'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'

/** What the definitions' references make of an image. */
export const reference = async (image: Image, ...steps: readonly Step[]): Promise<Image> => (await referenceBackend.run({ image, steps })).image

/** Every level from 0 to 255, once: an image of one row and one channel. */
export const ramp = (): Image => ({ width: 256, height: 1, channels: 1, data: Uint8ClampedArray.from({ length: 256 }, (_, level) => level) })

/** What a filter makes of each level in an image of one channel. */
export const curveOf = async (step: Step): Promise<Uint8ClampedArray> => (await reference(ramp(), step)).data
