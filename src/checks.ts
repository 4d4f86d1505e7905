import { ResidentImage } from './backends/wasm/resident.js'
import { InvalidArgumentError, show } from './errors.js'
import type { Step } from './filters/define.js'
import { type Image, type ImageLike, checkImage } from './image.js'

/** What a call was given, checked where it was given. `where` is the function's name, for the message. */

export function checkBackend(where: string, backend: unknown): void {
  const names = ['auto', 'wasm', 'webgpu', 'reference']
  if (!names.includes(backend as string)) throw InvalidArgumentError.of(where, 'backend', `one of ${names.join(', ')}`, backend)
}

export function checkPriority(where: string, priority: unknown): void {
  if (![undefined, 'interactive', 'batch'].includes(priority as string | undefined)) throw InvalidArgumentError.of(where, 'priority', 'interactive or batch', priority)
}

export function checkInteger(where: string, name: string, value: unknown, min: number, max: number): void {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw InvalidArgumentError.of(where, name, `a whole number from ${min} to ${max}`, value)
  }
}

export function checkSteps(where: string, steps: unknown): void {
  if (!Array.isArray(steps)) throw InvalidArgumentError.of(where, 'steps', 'an array of steps', steps)
  steps.forEach((step: unknown, index) => {
    const filter = (step as Step | null)?.filter as unknown
    if (typeof filter === 'object' && filter !== null) return
    throw new InvalidArgumentError(
      `${where}: expected steps[${index}] to be a step such as gaussianBlur({ sigma: 2 }), got ${show(step)}; parseSteps makes steps from JSON`,
    )
  })
}

function checkResident(image: ResidentImage): Image {
  // Throws where the image was disposed.
  void image.data
  return image
}

/** An image to read from or to write to, with `channels` set; resident images must not be disposed. */
export const checkPixels = (where: string, image: ImageLike): Image =>
  image instanceof ResidentImage ? checkResident(image) : checkImage(where, image)

export function checkInto(where: string, into: ImageLike, { width, height, channels }: Omit<Image, 'data'>): Image {
  const checked = checkPixels(where, into)
  if (checked.width !== width || checked.height !== height || checked.channels !== channels) {
    throw new InvalidArgumentError(
      `${where}: expected into to be ${width} x ${height} with ${channels} channels, as the result is, got ${checked.width} x ${checked.height} with ${checked.channels}`,
    )
  }
  return checked
}
