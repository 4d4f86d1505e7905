import { InvalidArgumentError, nearest, show } from './errors.js'
import { type Definition, type Step, makeStep } from './filters/define.js'
import { filters, findFilter } from './filters/index.js'

/** The most steps a list may have: it may come from anywhere. */
export const MAX_STEPS = 1000

/**
 * Steps from JSON: `[{ "filter": "gaussian-blur", "sigma": 2 }, "invert"]`, as text or as a value.
 * @throws InvalidArgumentError that names the step which is wrong.
 */
export function parseSteps(json: unknown): Step[] {
  const value = typeof json === 'string' ? parseJson(json) : json
  if (!Array.isArray(value)) throw InvalidArgumentError.of('parseSteps', 'steps', 'a list', value)
  if (value.length > MAX_STEPS) throw InvalidArgumentError.of('parseSteps', 'steps', `a list of at most ${MAX_STEPS}`, value)
  return value.map((step, index) => {
    const where = `step ${index + 1}`
    if (typeof step === 'string') return makeStep(definitionOf(step, where), {})
    if (typeof step !== 'object' || step === null || Array.isArray(step)) {
      throw InvalidArgumentError.of('parseSteps', where, 'an object such as { "filter": "invert" }', step)
    }
    const { filter, ...input } = step as Record<string, unknown>
    if (typeof filter !== 'string') throw InvalidArgumentError.of('parseSteps', `the filter of ${where}`, 'a name', filter)
    return makeStep(definitionOf(filter, where), input)
  })
}

/**
 * A step from text, as on a command line: `name` or `name:key=value,key=value`. Items of a list are separated by
 * `/` or spaces.
 */
export function parseStepText(text: string): Step {
  const colon = text.indexOf(':')
  const definition = definitionOf(colon < 0 ? text : text.slice(0, colon), `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`)
  const input: Record<string, unknown> = {}
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(',')
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals <= 0) throw new InvalidArgumentError(`${definition.name}: expected key=value, got ${show(pair)}`)
    const key = pair.slice(0, equals)
    if (Object.hasOwn(input, key)) throw new InvalidArgumentError(`${definition.name}: ${key} is given twice`)
    const param = Object.hasOwn(definition.params, key) ? definition.params[key] : undefined
    const value = pair.slice(equals + 1)
    input[key] = param === undefined ? value : param.fromText(value)
  }
  return makeStep(definition, input)
}

/** The filter of this name, or an error with the nearest one. */
export function definitionOf(name: string, where: string): Definition {
  const definition = findFilter(name)
  if (definition !== undefined) return definition
  const near = nearest(name, filters.map((filter) => filter.name))
  throw new InvalidArgumentError(
    `${where}: unknown filter ${show(name)}${near === undefined ? '' : ` (did you mean "${near}"?)`}; "isopix filters" lists them all`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidArgumentError(`parseSteps: the text is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
