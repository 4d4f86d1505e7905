import type { Param } from '../../../src/params.js'
import { el, setAttribute } from '../dom.js'
import { titleOf } from '../words.js'
import type { Control, Set } from './control.js'
import { frame } from './label.js'

type Levels = readonly [number, number, number, number]

const hex = (levels: readonly number[]): string => `#${levels.map((level) => level.toString(16).padStart(2, '0')).join('')}`

/** The browser's colour picker, and a slider for alpha. */
export function colorControl(name: string, param: Param<unknown>, set: Set): Control {
  const title = titleOf(name)
  const picker = el('input', { type: 'color' })
  const alpha = el('input', { type: 'range', min: 0, max: 255, step: 1, 'aria-label': `${title}, alpha` })
  const { element, inputId, helpId } = frame(name, param, [picker], () => [el('div', { class: 'alpha' }, el('span', { 'aria-hidden': 'true' }, 'Alpha'), alpha)])
  setAttribute(picker, 'id', inputId)
  setAttribute(picker, 'aria-describedby', helpId)
  const choose = (): void => set({ [name]: param.accept(picker.value + alpha.valueAsNumber.toString(16).padStart(2, '0')) })
  picker.addEventListener('input', choose)
  alpha.addEventListener('input', choose)
  return {
    element,
    update({ values }) {
      const levels = values[name] as Levels
      picker.value = hex(levels.slice(0, 3))
      alpha.value = String(levels[3])
      alpha.style.setProperty('--at', `${(levels[3] / 255) * 100}%`)
      setAttribute(alpha, 'aria-valuetext', `${levels[3]} of 255`)
    },
  }
}
