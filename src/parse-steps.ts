import { InvalidArgumentError, nearest } from './errors.js'
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
    if (typeof step === 'string') return stepOf(step, {}, where)
    if (typeof step !== 'object' || step === null || Array.isArray(step)) {
      throw InvalidArgumentError.of('parseSteps', where, 'an object such as { "filter": "invert" }', step)
    }
    const { filter, ...input } = step as Record<string, unknown>
    if (typeof filter !== 'string') throw InvalidArgumentError.of('parseSteps', `the filter of ${where}`, 'a name', filter)
    return stepOf(filter, input, where)
  })
}

function stepOf(name: string, input: Record<string, unknown>, where: string): Step {
  return makeStep(definitionOf(name, `${where}: `), input, `${where}, ${name}`)
}

/**
 * A step from text, as on a command line: `name` or `name:key=value,key=value`. Items of a list are separated by
 * `/` or spaces.
 */
export function parseStepText(text: string): Step {
  const colon = text.indexOf(':')
  const definition = definitionOf(colon < 0 ? text : text.slice(0, colon))
  // Without a prototype, so that a key such as __proto__ is unknown like any other.
  const input: Record<string, unknown> = Object.create(null)
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(',')
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals <= 0) throw new InvalidArgumentError(`${definition.name}: expected key=value, got ${quote(pair)}`)
    const key = pair.slice(0, equals)
    if (Object.hasOwn(input, key)) throw new InvalidArgumentError(`${definition.name}: ${key} is given twice`)
    const param = Object.hasOwn(definition.params, key) ? definition.params[key] : undefined
    const value = pair.slice(equals + 1)
    input[key] = param === undefined ? value : param.fromText(value)
  }
  return makeStep(definition, input, definition.name)
}

/** The filter of this name, or an error with the nearest one, which begins with `where`. */
export function definitionOf(name: string, where = ''): Definition {
  const definition = findFilter(name)
  if (definition !== undefined) return definition
  const near = nearestFilter(name)
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`
  throw new InvalidArgumentError(`${where}unknown filter ${quote(name)}${hint}; "isopix filters" lists them all`)
}

/** The filter whose name, or else a word of whose name, is nearest to a misspelt one; undefined where none is near. */
export function nearestFilter(name: string): string | undefined {
  const names = filters.map((filter) => filter.name)
  return nearest(name, names) ?? names.find((candidate) => nearest(name, candidate.split('-')) !== undefined)
}

const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidArgumentError(`the steps are not JSON: ${(error as Error).message}`, { cause: error })
  }
}
