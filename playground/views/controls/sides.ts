// The width and the height of a grid of weights: only sizes that the filter takes, and the grid follows.
import type { Definition } from '../../../src/filters/define.js'
import type { Param } from '../../../src/params.js'
import { listOfSize, resized, sidesOf } from '../../model/tables.js'
import { el, setAttribute } from '../dom.js'
import { titleOf } from '../words.js'
import type { Control, Set } from './control.js'
import { frame } from './label.js'

interface Sides {
  readonly width: number
  readonly height: number
}

export function sizeControl(definition: Definition, set: Set): Control {
  const list = listOfSize(definition) as string
  let values: Readonly<Record<string, unknown>> = {}
  const selects = (['width', 'height'] as const).map((side) => {
    const param = definition.params[side] as Param<unknown>
    const select = el('select', {}, ...sidesOf(definition, side).map((count) => el('option', { value: count }, String(count))))
    const { element, inputId, helpId } = frame(side, { summary: param.summary }, [select], () => [])
    setAttribute(select, 'id', inputId)
    setAttribute(select, 'aria-describedby', helpId)
    setAttribute(select, 'aria-label', `${titleOf(list)} ${side}`)
    select.addEventListener('change', () => {
      const from = values as unknown as Sides
      const to = { width: from.width, height: from.height, [side]: Number(select.value) }
      set({ ...to, [list]: resized(values[list] as readonly number[], from, to) })
    })
    return { side, select, element }
  })
  return {
    element: el('div', { class: 'pair' }, ...selects.map(({ element }) => element)),
    update(context) {
      values = context.values
      for (const { side, select } of selects) select.value = String(values[side])
    },
  }
}
