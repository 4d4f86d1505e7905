import { type Definition, type Step, makeStep } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'

/** A filter's steps to test: its defaults (or its example), then its cases. */
export function stepsOf(definition: Definition): Step[] {
  return [definition.example ?? {}, ...definition.cases].map((input) => makeStep(definition, { ...definition.example, ...input }))
}

/** A step as a person would write it. */
export const describeStep = (step: Step): string => JSON.stringify(step)

/** Whether a step can be applied to an image of this size. */
export const fits = ({ filter, values }: Step, { width, height, channels }: Omit<Image, 'data'>): boolean =>
  filter.fits?.(values, { width, height, channels: channels === 3 ? 4 : channels, format: 'u8' }) === undefined

/** The channels that an image may have for a filter. */
export const channelsOf = ({ colour }: Definition): readonly (1 | 3 | 4)[] => (colour ? [3, 4] : [1, 3, 4])
