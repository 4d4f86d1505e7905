// A table of levels as a curve to draw: what each level from 0 to 255 becomes.
import type { Param } from '../../../src/params.js'
import { levelParts } from '../../model/tables.js'
import { el, setAttribute, svg } from '../dom.js'
import type { Control, Set } from './control.js'
import { expectation, frame } from './label.js'

const TOP = 255

/** From 0 to 1, slow at both ends. */
const smooth = (t: number): number => t * t * (3 - 2 * t)

export function levelsControl(name: string, param: Param<unknown>, set: Set): Control {
  const line = svg('path', { class: 'curve-line' })
  const plot = svg('svg', { class: 'curve', viewBox: '-4 -4 263 263', 'aria-hidden': 'true' }, svg('path', { class: 'curve-grid', d: 'M0 255L255 0M64 0V255M128 0V255M192 0V255M0 64H255M0 128H255M0 192H255' }), line)
  const part = el('select', { 'aria-label': 'Channel of the table' })
  const level = el('input', { type: 'number', class: 'box', min: 0, max: TOP, step: 1, value: 128, 'aria-label': 'Level' })
  const becomes = el('input', { type: 'number', class: 'box', min: 0, max: TOP, step: 1, 'aria-label': 'What this level becomes' })
  const shapes: readonly (readonly [string, (i: number) => number])[] = [
    ['Straight', (i) => i],
    ['Inverted', (i) => TOP - i],
    ['S-curve', (i) => TOP * smooth(i / TOP)],
  ]
  const buttons = shapes.map(([text, shape]) =>
    el('button', { type: 'button', class: 'chip', click: () => put(Array.from({ length: TOP + 1 }, (_, i) => [i, shape(i)])) }, text),
  )
  const { element, inputId, helpId, complain } = frame(name, param, [part], () => [
    plot,
    el('div', { class: 'curve-entry' }, level, el('span', { 'aria-hidden': 'true' }, 'becomes'), becomes),
    el('div', { class: 'chips' }, ...buttons),
  ])
  setAttribute(level, 'id', inputId)
  setAttribute(level, 'aria-describedby', helpId)
  let table: readonly number[] = []

  const from = (): number => Number(part.value) || 0
  const put = (entries: readonly (readonly [number, number])[]): void => {
    const next = [...table]
    for (const [at, value] of entries) next[from() + at] = Math.min(TOP, Math.max(0, Math.round(value)))
    set({ [name]: param.accept(next) })
  }

  let last: { readonly x: number; readonly y: number } | undefined
  const pointAt = (event: PointerEvent): { x: number; y: number } => {
    const { left, top, width, height } = plot.getBoundingClientRect()
    const level = (at: number): number => Math.min(TOP, Math.max(0, Math.round(at * 263 - 4)))
    return { x: level((event.clientX - left) / width), y: TOP - level((event.clientY - top) / height) }
  }
  /** Every level between the last point and this one, so that a fast pointer leaves no gaps. */
  const draw = (event: PointerEvent): void => {
    const to = pointAt(event)
    const begin = last ?? to
    const count = Math.abs(to.x - begin.x)
    put(Array.from({ length: count + 1 }, (_, i) => [begin.x + Math.sign(to.x - begin.x) * i, begin.y + ((to.y - begin.y) * i) / Math.max(1, count)]))
    last = to
  }
  plot.addEventListener('pointerdown', (event) => {
    plot.setPointerCapture(event.pointerId)
    last = undefined
    draw(event)
  })
  plot.addEventListener('pointermove', (event) => {
    if (plot.hasPointerCapture(event.pointerId)) draw(event)
  })

  const at = (): number | undefined => {
    const value = level.valueAsNumber
    return Number.isInteger(value) && value >= 0 && value <= TOP ? value : undefined
  }
  const showEntry = (): void => {
    const index = at()
    complain(level, index === undefined ? `Expected a whole number from 0 to ${TOP}.` : undefined)
    if (index !== undefined && document.activeElement !== becomes) becomes.value = String(table[from() + index])
  }
  level.addEventListener('input', showEntry)
  part.addEventListener('change', () => render())
  becomes.addEventListener('input', () => {
    const index = at()
    const value = becomes.valueAsNumber
    const isLevel = Number.isInteger(value) && value >= 0 && value <= TOP
    complain(becomes, isLevel ? undefined : expectation(param))
    if (index !== undefined && isLevel) put([[index, value]])
  })

  const render = (): void => {
    const levels = table.slice(from(), from() + TOP + 1)
    line.setAttribute('d', `M${levels.map((value, i) => `${i} ${TOP - value}`).join('L')}`)
    showEntry()
  }

  return {
    element,
    update({ values }) {
      table = values[name] as readonly number[]
      const parts = levelParts(table)
      if (part.options.length !== parts.length) part.replaceChildren(...parts.map((one) => el('option', { value: one.from }, one.name)))
      part.hidden = parts.length === 1
      render()
    },
  }
}
