import fc from 'fast-check'
import { type Definition, type Step, makeStep } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import { compile } from '../../src/plan.js'
import type { Param } from '../../src/params.js'
import { type Content, makeImage } from './images.js'

/** Whole numbers are drawn from the lower end of a range: large radii cost the reference too much. */
const LARGEST_INTEGER = 12

function valueOf(param: Param<unknown>): fc.Arbitrary<unknown> {
  const { kind, min = 0, max = 0 } = param
  switch (kind) {
    case 'number':
      return fc.double({ min, max: Math.min(max, min + 20), noNaN: true })
    case 'integer':
      return fc.integer({ min, max: Math.min(max, min + LARGEST_INTEGER) })
    case 'choice':
      return fc.constantFrom(...(param.options as readonly string[]))
    case 'color':
      return fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 })
    case 'list':
      // Lists have rules of their own: the filter's cases and examples have valid ones.
      return fc.constant(undefined)
  }
}

/** A step of one filter: one of its cases, with some parameters drawn anew; undefined where they do not go together. */
function stepOf(definition: Definition): fc.Arbitrary<Step | undefined> {
  const cases = [definition.example ?? {}, ...definition.cases]
  const drawn = fc.record(
    Object.fromEntries(Object.entries(definition.params).map(([name, param]) => [name, fc.option(valueOf(param), { nil: undefined, freq: 2 })])),
  )
  return fc.tuple(fc.constantFrom(...cases), drawn).map(([base, extra]) => {
    const given = Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined))
    try {
      return makeStep(definition, { ...definition.example, ...base, ...given })
    } catch {
      return undefined
    }
  })
}

const CONTENTS: readonly Content[] = ['noise', 'opaque-noise', 'checkerboard', 'clear', 'gradient']

/** An image and a chain of steps that can follow each other on it. */
export const chains = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 50 }),
    channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
    content: fc.constantFrom(...CONTENTS),
    seed: fc.integer({ min: 1, max: 1000 }),
    steps: fc.array(fc.oneof(...filters.map(stepOf)), { minLength: 1, maxLength: 5 }),
  })
  .map(({ width, height, channels, content, seed, steps }) => {
    const chain: Step[] = []
    for (const step of steps) {
      if (step !== undefined && follows([...chain, step], width, height, channels)) chain.push(step)
    }
    return { recipe: { width, height, channels, content, seed }, image: makeImage(width, height, channels, content, seed), steps: chain, text: `${content}, seed ${seed}` }
  })

/** Whether a chain can be applied, and leaves an image small enough for the reference. */
function follows(steps: readonly Step[], width: number, height: number, channels: 1 | 3 | 4): boolean {
  try {
    const { nodes } = compile(steps, { width, height, channels, format: 'u8' }, false)
    return nodes.every(({ shape }) => shape.width * shape.height <= 20_000)
  } catch {
    return false
  }
}
