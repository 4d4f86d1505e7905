// `isopix filters`: what there is, and how one is used. All of it is read from the definitions.
import { type Definition, factoryName } from '../filters/define.js'
import { filters } from '../filters/index.js'
import { definitionOf } from '../parse-steps.js'
import type { Param } from '../params.js'
import { exampleOf, stepText, table, valueText, wrap } from './text.js'

export const listFilters = (): string =>
  `${table(filters.map(({ name, summary }) => [name, summary]))}\n\n"isopix filters NAME" explains one.`

/** @throws InvalidArgumentError where there is no such filter. */
export function explainFilter(name: string): string {
  const definition = definitionOf(name)
  const { summary, details, params } = definition
  const example = exampleOf(definition)
  const { filter: _, ...input } = onlyGiven(definition, example.toJSON())
  const code = Object.keys(input).length === 0 ? '' : `{ ${Object.entries(input).map(([key, value]) => `${key}: ${codeText(value)}`).join(', ')} }`
  const rows = Object.entries(params).map(([key, param]) => [key, acceptedText(param), defaultText(param), param.summary])
  return [
    `${name}: ${summary}`,
    ...(details === undefined ? [] : [wrap(details)]),
    rows.length === 0 ? 'It has no parameters.' : table([['parameter', 'value', 'default', ''], ...rows], '  '),
    table(
      [
        ['command', `isopix photo.jpg -o result.png ${stepText(example)}`],
        ['JSON', JSON.stringify(onlyGiven(definition, example.toJSON()))],
        ['code', `${factoryName(name)}(${code})`],
      ],
      '  ',
    ),
  ].join('\n\n')
}

/** Everything about a filter that a program may ask for. */
export function describeFilter({ name, summary, details, params }: Definition): object {
  const described = Object.entries(params).map(([key, param]) => {
    const { accept: _accept, fromText: _fromText, ...rest } = param
    return [key, rest]
  })
  return { name, summary, ...(details === undefined ? {} : { details }), params: Object.fromEntries(described) }
}

function acceptedText({ kind, min, max, unit, options, expected }: Param<unknown>): string {
  if (options !== undefined) return options.join(', ')
  if (kind === 'list' || kind === 'color') return expected
  return `${min} to ${max}${unit === undefined ? '' : ` ${unit}`}${kind === 'integer' ? ', whole' : ''}`
}

const defaultText = (param: Param<unknown>): string => (param.default === undefined ? 'required' : valueText(param.default))

/** A step's JSON without the parameters that have their default. */
function onlyGiven({ params }: Definition, json: Record<string, unknown>): Record<string, unknown> {
  const isGiven = ([key, value]: [string, unknown]): boolean => {
    const param = params[key]?.default
    return param === undefined || valueText(param) !== valueText(value)
  }
  return Object.fromEntries(Object.entries(json).filter(isGiven))
}

const codeText = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value.join(', ')}]` : String(value))
