// How the command line writes steps, sizes and times for people.
import { type Definition, type Step, makeStep } from '../filters/define.js'

/** Longer lists are cut short. */
const MAX_ITEMS = 24

/** A step as it is written on the command line. */
export function stepText(step: Step): string {
  const given = givenOf(step).map(([name, value]) => `${name}=${valueText(value)}`)
  return given.length === 0 ? step.filter.name : `${step.filter.name}:${given.join(',')}`
}

/** A parameter's value as it is written on the command line. */
export const valueText = (value: unknown): string => listOf(value)?.join('/') ?? String(value)

/** A step as it is written in JSON. */
export function stepJson(step: Step): string {
  const pairs = givenOf(step).map(([name, value]) => `, "${name}": ${listText(value) ?? JSON.stringify(value)}`)
  return `{ "filter": "${step.filter.name}"${pairs.join('')} }`
}

/** What a factory is called with for a step. */
export function stepInput(step: Step): string {
  const codeOf = (value: unknown): string => listText(value) ?? (typeof value === 'string' ? `'${value}'` : String(value))
  const pairs = givenOf(step).map(([name, value]) => `${name}: ${codeOf(value)}`)
  return pairs.length === 0 ? '' : `{ ${pairs.join(', ')} }`
}

const listText = (value: unknown): string | undefined => listOf(value) && `[${listOf(value)?.join(', ')}]`

/** The items of a list to show; undefined where the value is none. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.length > MAX_ITEMS ? [...value.slice(0, 3), '…'] : value
}

/** The parameters of a step that do not have their default. */
export function givenOf({ filter, values }: Pick<Step, 'filter' | 'values'>): [string, unknown][] {
  return Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(filter.params[name]?.default))
}

/** A step that shows how a filter's parameters are written. */
export const exampleOf = (definition: Definition): Step => makeStep(definition, definition.example ?? definition.cases.at(-1) ?? {})

export const sizeText = (width: number, height: number, channels: number): string =>
  `${width} x ${height} ${channels === 1 ? 'grey' : channels === 3 ? 'RGB' : 'RGBA'}`

export function durationText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`
}

/** How many files a second, or how long a file takes; nothing before the first. */
export function rateText(files: number, milliseconds: number): string {
  if (files === 0) return ''
  const perSecond = (files * 1000) / milliseconds
  if (perSecond < 1) return `${(1 / perSecond).toFixed(1)} s/file`
  return `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} files/s`
}

/** Time that is left, in the units that people wait in; nothing where it is not known. */
export function countdownText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  if (!Number.isFinite(seconds)) return ''
  if (seconds < 60) return `${seconds} s left`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min left`
  return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)} h left`
}

export function plural(count: number, noun: string, several = `${noun}${noun.endsWith('s') ? 'es' : 's'}`): string {
  return `${count} ${count === 1 ? noun : several}`
}

/** Rows of cells, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ')
  return rows.map((row) => (indent + line(row)).trimEnd()).join('\n')
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
