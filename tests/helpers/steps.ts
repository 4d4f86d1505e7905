import { type Definition, type Step, makeStep } from '../../src/filters/define.js'

/** A filter's steps to test: its defaults (or its example), then its cases. */
export function stepsOf(definition: Definition): Step[] {
  return [definition.example ?? {}, ...definition.cases].map((input) => makeStep(definition, { ...definition.example, ...input }))
}

/** A step as a person would write it. */
export const describeStep = (step: Step): string => JSON.stringify(step)
