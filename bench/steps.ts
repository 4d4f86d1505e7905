import { type Definition, type Step, makeStep } from '../src/filters/define.js'

/** A filter's default and its cases, as far as they can be applied to an image of this size, by name. */
export function stepsToTime(definition: Definition, width: number, height: number): { name: string; steps: readonly Step[] }[] {
  const inputs = [definition.example ?? {}, ...definition.cases]
  return inputs.flatMap((input) => {
    const step = makeStep(definition, { ...definition.example, ...input })
    if (definition.fits?.(step.values, { width, height, channels: 4, format: 'u8' }) !== undefined) return []
    return [{ name: nameOf(definition, { ...definition.example, ...input }), steps: [step] }]
  })
}

function nameOf(definition: Definition, input: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(input).map(([key, value]) => `${key}=${typeof value === 'object' ? '…' : String(value)}`)
  return [definition.name, ...parts].join(' ')
}
