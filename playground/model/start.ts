// What a step begins with when it is added, and what it looks like in the gallery.
import { type Definition, makeStep } from '../../src/filters/define.js'
import { MAX_SIDE } from '../../src/image.js'
import type { Param } from '../../src/params.js'
import { compile } from '../../src/plan.js'

export interface Size {
  readonly width: number
  readonly height: number
}

/** A size of the picture that has to be given: it has no default, and its range is that of all pictures. */
export const isSize = ({ kind, default: fallback, max }: Param<unknown>): boolean => kind === 'integer' && fallback === undefined && max === MAX_SIDE

/** The defaults; sizes that have to be given are the picture's, so that at first nothing is cut or stretched. */
export function startOf(definition: Definition, size: Size): Readonly<Record<string, unknown>> {
  const input = Object.entries(definition.params).flatMap(([name, param]) => {
    if (param.default !== undefined) return []
    if (isSize(param)) return [[name, name === 'width' || name === 'height' ? size[name] : param.min]]
    return [[name, (definition.example as Record<string, unknown> | undefined)?.[name]]]
  })
  return makeStep(definition, { ...definition.example, ...Object.fromEntries(input) }).values
}

/**
 * Values that show what a filter does: where the start changes nothing, the first case that does so without making any
 * number less than it is by default, as with brightness 1.3; else the first that does at all.
 */
export function lookOf(definition: Definition, size: Size): Readonly<Record<string, unknown>> {
  const start = startOf(definition, size)
  const needsSize = Object.values(definition.params).some(isSize)
  if (needsSize || changes(definition, start, size)) return start
  const cases = definition.cases.map((input) => ({ ...start, ...(input as object) })).filter((values) => changes(definition, values, size))
  return cases.find((values) => isMore(values, start)) ?? cases[0] ?? start
}

/** Whether a step is more than nothing on an image with colour. */
function changes(definition: Definition, values: object, size: Size): boolean {
  return compile([makeStep(definition, values)], { ...size, channels: 4, format: 'u8' }, true).result > 0
}

const isMore = (values: Record<string, unknown>, than: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(values).every(([name, value]) => typeof value !== 'number' || value >= (than[name] as number))
