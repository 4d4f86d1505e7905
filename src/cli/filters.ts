// `isopix filters`: what there is, and how one is used. All of it is read from the definitions.
import { factoryName } from '../filters/define.js'
import { filters } from '../filters/index.js'
import { definitionOf } from '../parse-steps.js'
import type { Param } from '../params.js'
import { exampleOf, stepInput, stepJson, stepText, table, valueText, wrap } from './text.js'

export const listFilters = (): string =>
  `${table(filters.map(({ name, summary }) => [name, summary]))}\n\n"isopix filters NAME" explains one.`

/** @throws InvalidArgumentError where there is no such filter. */
export function explainFilter(name: string): string {
  const definition = definitionOf(name)
  const { summary, details, params } = definition
  const example = exampleOf(definition)
  const rows = Object.entries(params).map(([key, param]) => [key, acceptedText(param), defaultText(param), param.summary])
  return [
    `${name}: ${summary}`,
    ...(details === undefined ? [] : [wrap(details)]),
    rows.length === 0 ? 'It has no parameters.' : table([['parameter', 'value', 'default', ''], ...rows], '  '),
    table(
      [
        ['command', `isopix photo.jpg -o result.png ${stepText(example)}`],
        ['JSON', stepJson(example)],
        ['code', `${factoryName(name)}(${stepInput(example)})`],
      ],
      '  ',
    ),
  ].join('\n\n')
}

function acceptedText({ kind, min, max, unit, options, expected }: Param<unknown>): string {
  if (options !== undefined) return options.join(', ')
  if (kind === 'list' || kind === 'color') return expected
  return `${min} to ${max}${unit === undefined ? '' : ` ${unit}`}${kind === 'integer' ? ', whole' : ''}`
}

const defaultText = (param: Param<unknown>): string => (param.default === undefined ? 'required' : valueText(param.default))
