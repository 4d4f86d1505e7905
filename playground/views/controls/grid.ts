import type { Param } from '../../../src/params.js'
import { gridOf } from '../../model/tables.js'
import { el } from '../dom.js'
import { numberText, titleOf } from '../words.js'
import type { Control, Set } from './control.js'
import { expectation, frame } from './label.js'

/** A list of numbers as a table of boxes, with rows and columns that have names. */
export function gridControl(name: string, param: Param<unknown>, set: Set): Control {
  const title = titleOf(name)
  const table = el('div', { class: 'grid', role: 'group' })
  const { element, inputId, helpId, complain } = frame(name, param, [], () => [el('div', { class: 'grid-scroll' }, table)])
  let boxes: HTMLInputElement[] = []
  let list: readonly number[] = []
  let drawn = ''

  const change = (index: number): void => {
    const box = boxes[index] as HTMLInputElement
    const typed = box.value.trim() === '' ? NaN : Number(box.value)
    const next = param.accept(list.map((value, other) => (other === index ? typed : value)))
    complain(box, next === undefined ? expectation(param) : undefined)
    if (next !== undefined) set({ [name]: next })
  }

  return {
    element,
    update({ values }) {
      list = values[name] as readonly number[]
      const { columns, rows, columnNames, rowNames, named } = gridOf(values, list)
      const layout = `${columns} ${rows}`
      if (layout !== drawn) {
        drawn = layout
        table.style.setProperty('--columns', String(columns))
        boxes = list.map((_, index) => {
          const [row, column] = [rowNames[Math.floor(index / columns)], columnNames[index % columns]]
          const attributes = { type: 'number', step: 'any', class: 'cell', 'aria-label': `${title}, row ${row}, column ${column}`, 'aria-describedby': helpId }
          const box = el('input', { ...attributes, id: index === 0 ? inputId : undefined })
          box.addEventListener('input', () => change(index))
          box.addEventListener('blur', () => {
            complain(box, undefined)
            box.value = numberText(list[index] as number)
          })
          return box
        })
        table.classList.toggle('named', named)
        table.replaceChildren(...(named ? withNames(boxes, columnNames, rowNames) : boxes))
      }
      boxes.forEach((box, index) => {
        if (document.activeElement !== box) box.value = numberText(list[index] as number)
      })
    },
  }
}

/** The names around the boxes; each box says its own to those who do not see them. */
function withNames(boxes: readonly HTMLElement[], columnNames: readonly string[], rowNames: readonly string[]): HTMLElement[] {
  const name = (text: string, place: string): HTMLElement => el('span', { class: place, 'aria-hidden': 'true' }, text)
  const heads = [name('', 'row'), ...columnNames.map((text) => name(text, 'column'))]
  const rows = rowNames.map((text, row) => [name(text, 'row'), ...boxes.slice(row * columnNames.length, (row + 1) * columnNames.length)])
  return [...heads, ...rows.flat()]
}
