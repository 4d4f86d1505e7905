import { type Rows, rowsSeen } from '../../border.js'
import { type Plan, rowsNeeded } from '../../plan.js'
import { type Shape, bytesOf } from '../../stage.js'
import type { Pass } from './passes.js'

/** Part of the result, and the rows of every node that it is made from. */
export type Band = ReadonlyMap<number, Rows>

/** Four lanes of a row: a pixel of four channels, or four pixels of one. */
export const unitsPerRow = ({ width, channels }: Shape): number => (channels === 4 ? width : Math.ceil(width / 4))
export const bytesPerRow = (shape: Shape): number => unitsPerRow(shape) * 4 * bytesOf(shape.format)

/**
 * Cuts the result into as few bands as make every buffer fit `maxBytes`, or undefined where none do.
 * @param shapes Of all nodes.
 */
export function bandsOf(plan: Plan, made: readonly Pass[], shapes: readonly Shape[], result: number, maxBytes: number): readonly Band[] | undefined {
  const { height } = shapes[result] as Shape
  for (let count = 1; count <= height; count *= 2) {
    const rows = Math.ceil(height / count)
    const bands = Array.from({ length: Math.ceil(height / rows) }, (_, i) =>
      bandOf(plan, made, shapes, result, { from: i * rows, to: Math.min(height, (i + 1) * rows) }),
    )
    const fits = bands.every((band) =>
      [...band].every(([node, { from, to }]) => (to - from) * bytesPerRow(shapes[node] as Shape) <= maxBytes),
    )
    if (fits) return bands
  }
  return undefined
}

function bandOf(plan: Plan, made: readonly Pass[], shapes: readonly Shape[], result: number, rows: Rows): Band {
  const band = new Map<number, Rows>([[result, rows]])
  const need = (node: number, { from, to }: Rows): void => {
    const known = band.get(node)
    band.set(node, known === undefined ? { from, to } : { from: Math.min(known.from, from), to: Math.max(known.to, to) })
  }
  for (const pass of [...made].reverse()) {
    const { height } = shapes[pass.input] as Shape
    if (pass.reduces) {
      need(pass.input, { from: 0, to: height })
      continue
    }
    const output = band.get(pass.output)
    if (output === undefined) continue
    if (pass.join >= 0) need(pass.join, output)
    if (pass.window === undefined) {
      need(pass.input, output)
    } else {
      const node = plan.nodes[pass.window.node] as Plan['nodes'][number]
      const { from, to } = rowsNeeded(node, output.from, output.to)
      need(pass.input, rowsSeen(from, to, height, node.stage.border))
    }
  }
  return band
}
