// Backends prove their bytes before they are timed.
import { referenceBackend } from '../src/backends/reference.js'
import type { Image, Step } from '../src/index.js'
import type { Contender, Prepared } from './contender.js'
import { describe, differenceOf, isSame } from './picture.js'
import { pictureOf } from './pictures.js'

/** On an image of this size, since the reference takes its time. */
const CHECK_SIZE = [203, 151] as const
const SMOKE_SIZE = [61, 43] as const

/** What the reference makes of the steps; of those that fit a small image. */
export interface Expected {
  readonly image: Image
  readonly steps: readonly Step[]
  readonly result: Image
}

export async function expectedOf(steps: readonly Step[], channels: 1 | 4, smoke: boolean): Promise<Expected> {
  const [width, height] = smoke ? SMOKE_SIZE : CHECK_SIZE
  const image = pictureOf(width, height, channels)
  const fitting = steps.filter((step) => step.filter.fits?.(step.values, { ...image, format: 'u8' }) === undefined)
  return { image, steps: fitting, result: (await referenceBackend.run({ image, steps: fitting })).image }
}

/** Throws where a contender's bytes are not those of the reference. */
export async function verify(contender: Contender, what: string, { image, steps, result }: Expected): Promise<void> {
  const prepared = (await contender.prepare(image, steps)) as Prepared
  try {
    await prepared.time(1)
    const actual = await prepared.result()
    if (isSame(result, actual)) return
    throw new Error(`${contender.name}, ${contender.memory}: ${what} does not give the reference's bytes (${describe(differenceOf(result, actual))}); nothing is timed`)
  } finally {
    await prepared.dispose()
  }
}
