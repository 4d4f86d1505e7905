// The image and the names of tests/golden/hashes.json.
import { createHash } from 'node:crypto'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'
import type { Recipe } from './images.js'
import { describeStep } from './steps.js'

export const GOLDEN_IMAGE: Recipe = { width: 47, height: 33, channels: 4, content: 'noise', seed: 42 }

/** What a step is called there. */
export function goldenName(step: Step): string {
  const text = describeStep(step)
  return text.length > 160 ? `${text.slice(0, 120)}… ${hash(text)}` : text
}

/** What is written of an image there. */
export const goldenValue = ({ width, height, channels, data }: Image): string => `${width}x${height}x${channels} ${hash(data)}`

const hash = (data: Uint8ClampedArray | string): string => createHash('sha256').update(data).digest('hex').slice(0, 32)
