import type { Step } from '../../src/index.js'
import type { Context } from '../../src/filters/define.js'

/** What a step does, in words that libraries share. */
export interface Meaning {
  readonly name: string
  readonly values: Readonly<Record<string, unknown>>
  /** Where every level of a colour becomes another: which. */
  readonly table?: readonly number[]
  /** Where colours are mixed: four rows of the factors of r, g, b and a, and an offset in which 1 is full intensity. */
  readonly matrix?: readonly number[]
}

const CONTEXT: Context = { width: 64, height: 64, channels: 4, format: 'u8', opaque: true }

/** Reads a step's table or matrix from the plan that isopix makes of it. */
export function meaningOf({ filter, values }: Step): Meaning {
  const common = { name: filter.name, values }
  if (filter.fits?.(values, CONTEXT) !== undefined) return common
  const [stage, ...others] = filter.stages(values, CONTEXT)
  if (stage === undefined || others.length > 0) return common
  if (stage.table !== undefined) return { ...common, table: [...stage.table.subarray(0, 256)] }
  const { matrix, bias, shift } = stage.params ?? {}
  if (stage.kernel !== 'color_matrix' || !(matrix instanceof Int16Array) || !(bias instanceof Int32Array)) return common
  const scale = 2 ** (shift as number)
  const rows = [0, 1, 2, 3].map((row) => {
    const factors = [...matrix.subarray(row * 4, row * 4 + 4)].map((factor) => factor / scale)
    // The bias holds the half that rounds.
    return [...factors, ((bias[row] as number) / scale - 0.5) / 255]
  })
  return { ...common, matrix: rows.flat() }
}
