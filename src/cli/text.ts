// How the command line writes steps, sizes and times for people.
import { type Definition, type Step, makeStep } from '../filters/define.js'
import type { Values, Params } from '../params.js'

/** A step as it is written on the command line; parameters that have their default are left out. */
export function stepText({ filter, values }: Step): string {
  const defaults = Object.entries(filter.params)
  const given = defaults
    .filter(([name, param]) => !sameValue(param.default, (values as Values<Params>)[name]))
    .map(([name]) => `${name}=${valueText(values[name])}`)
  return given.length === 0 ? filter.name : `${filter.name}:${given.join(',')}`
}

/** A parameter's value as it is written on the command line. */
export const valueText = (value: unknown): string => (Array.isArray(value) ? value.join('/') : String(value))

const sameValue = (a: unknown, b: unknown): boolean => a !== undefined && valueText(a) === valueText(b)

/** A step that shows how a filter's parameters are written. */
export const exampleOf = (definition: Definition): Step => makeStep(definition, { ...definition.example, ...definition.cases.at(-1) })

export const sizeText = (width: number, height: number, channels: number): string =>
  `${width} x ${height} ${channels === 1 ? 'grey' : channels === 3 ? 'RGB' : 'RGBA'}`

export function durationText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`

/** Rows of cells, each column as wide as its widest cell; the last column is left as it is. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  return rows.map((row) => (indent + row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] as number))).join('  ')).trimEnd()).join('\n')
}

/** Text broken into lines of at most `width` characters where words end. */
export function wrap(text: string, width = 96): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines.join('\n')
}
