// Lists of numbers as a person sees them: a grid with rows and columns, or a curve of levels.
import type { Definition } from '../../src/filters/define.js'
import type { Param } from '../../src/params.js'

export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly columnNames: readonly string[]
  readonly rowNames: readonly string[]
  /** The names say more than numbers. */
  readonly named: boolean
}

const LEVELS = 256
const CHANNELS = ['red', 'green', 'blue', 'alpha']
const COLOUR_MATRIX = 20

/** Whether a list is one entry for each level of 8 bits, once or for each of several channels. */
export const isLevels = (value: readonly number[]): boolean => value.length % LEVELS === 0

/** The parts of a table of levels, and what each is for. */
export function levelParts(value: readonly number[]): readonly { readonly name: string; readonly from: number }[] {
  if (value.length === LEVELS) return [{ name: 'all colours', from: 0 }]
  return Array.from({ length: value.length / LEVELS }, (_, part) => ({ name: CHANNELS[part] as string, from: part * LEVELS }))
}

/** How a list is laid out: by the width and the height beside it, as the four rows of a colour matrix, or in one row. */
export function gridOf(values: Readonly<Record<string, unknown>>, list: readonly number[]): Grid {
  const { width, height } = values
  const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1))
  if (typeof width === 'number' && typeof height === 'number' && width * height === list.length) {
    return { columns: width, rows: height, columnNames: numbered(width), rowNames: numbered(height), named: false }
  }
  if (list.length === COLOUR_MATRIX) {
    return { columns: 5, rows: 4, columnNames: [...CHANNELS, 'offset'], rowNames: CHANNELS, named: true }
  }
  return { columns: list.length, rows: 1, columnNames: numbered(list.length), rowNames: ['1'], named: false }
}

/** The parameter that is a list as large as width x height say, if the filter has one. */
export function listOfSize({ params }: Definition): string | undefined {
  if (params['width'] === undefined || params['height'] === undefined) return undefined
  return Object.keys(params).find((name) => params[name]?.kind === 'list')
}

/** A grid cut or padded with 0 to another size; its centre stays the centre. */
export function resized(list: readonly number[], from: Readonly<{ width: number; height: number }>, to: Readonly<{ width: number; height: number }>): number[] {
  const left = Math.floor((from.width - to.width) / 2)
  const top = Math.floor((from.height - to.height) / 2)
  return Array.from({ length: to.width * to.height }, (_, index) => {
    const x = (index % to.width) + left
    const y = Math.floor(index / to.width) + top
    return x >= 0 && y >= 0 && x < from.width && y < from.height ? (list[y * from.width + x] as number) : 0
  })
}

/** The numbers of a range that the filter takes for a side of its grid, the rest being as it is by default. */
export function sidesOf(definition: Definition, name: 'width' | 'height'): number[] {
  const { min = 1, max = 1 } = definition.params[name] as Param<unknown>
  const values = Object.fromEntries(Object.entries(definition.params).map(([key, param]) => [key, param.default]))
  const list = listOfSize(definition) as string
  return Array.from({ length: max - min + 1 }, (_, index) => min + index).filter((side) => {
    const square = { ...values, width: side, height: side, [list]: new Array<number>(side * side).fill(0) }
    return definition.check?.(square as never) === undefined
  })
}
