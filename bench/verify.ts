// Backends prove their bytes before they are timed.
import { referenceBackend } from '../src/backends/reference.js'
import type { Image, Step } from '../src/index.js'
import type { Contender, Prepared } from './contender.js'
import { describe, differenceOf, isSame } from './difference.js'
import { pictureOf } from './pictures.js'

/** On an image of this size, since the reference takes its time. */
const [WIDTH, HEIGHT] = [97, 71]

/** What the reference makes of the steps; of those that fit a small image. */
export interface Expected {
  readonly image: Image
  readonly steps: readonly Step[]
  readonly result: Image
}

/** Several contenders are held to it. */
const made = new Map<string, Expected>()

export async function expectedOf(steps: readonly Step[], channels: Image['channels']): Promise<Expected> {
  const key = `${channels} ${JSON.stringify(steps)}`
  const known = made.get(key)
  if (known !== undefined) return known
  const image = pictureOf(WIDTH, HEIGHT, channels)
  const fitting = steps.filter((step) => step.filter.fits?.(step.values, { ...image, format: 'u8' }) === undefined)
  const expected = { image, steps: fitting, result: (await referenceBackend.run({ image, steps: fitting })).image }
  made.set(key, expected)
  return expected
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
