import type { Param } from '../../../src/params.js'
import { el, setAttribute } from '../dom.js'
import type { Control, Set } from './control.js'
import { frame } from './label.js'

export function choiceControl(name: string, param: Param<unknown>, set: Set): Control {
  const select = el('select', {}, ...(param.options ?? []).map((option) => el('option', { value: option }, option)))
  const { element, inputId, helpId } = frame(name, param, [select], () => [])
  setAttribute(select, 'id', inputId)
  setAttribute(select, 'aria-describedby', helpId)
  select.addEventListener('change', () => set({ [name]: select.value }))
  return {
    element,
    update({ values }) {
      select.value = values[name] as string
    },
  }
}
