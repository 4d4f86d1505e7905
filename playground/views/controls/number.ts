import type { Param } from '../../../src/params.js'
import { POSITIONS, scaleOf } from '../../model/scale.js'
import { isSize } from '../../model/start.js'
import { el, setAttribute } from '../dom.js'
import { numberText, titleOf, unitOf } from '../words.js'
import type { Control, Set } from './control.js'
import { expectation, frame } from './label.js'

/** Keys of a slider, in steps. */
const KEYS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }

/** A slider, and a box for exact values and for those beyond the slider's end. */
export function numberControl(name: string, param: Param<unknown>, set: Set): Control {
  const title = titleOf(name)
  const slider = el('input', { type: 'range', min: 0, max: POSITIONS, step: 1 })
  const box = el('input', {
    type: 'number',
    class: 'box',
    inputmode: 'decimal',
    step: 'any',
    min: param.min,
    max: param.max,
    'aria-label': `${title}, ${param.expected}${unitOf(param.unit)}`,
  })
  const unit = unitOf(param.unit).trim()
  const { element, inputId, helpId, complain } = frame(name, param, [el('span', { class: 'box-with-unit' }, box, unit)], () => [slider])
  setAttribute(slider, 'id', inputId)
  setAttribute(slider, 'aria-describedby', helpId)
  let scale = scaleOf(param)
  let now = 0

  slider.addEventListener('input', () => set({ [name]: scale.value(slider.valueAsNumber) }))
  slider.addEventListener('keydown', (event) => {
    const keys = KEYS[event.key]
    if (keys === undefined) return
    event.preventDefault()
    set({ [name]: scale.step(now, keys) })
  })
  slider.addEventListener('dblclick', () => {
    if (param.default !== undefined) set({ [name]: param.default })
  })
  box.addEventListener('input', () => {
    const value = param.accept(param.fromText(box.value))
    complain(box, value === undefined ? expectation(param) : undefined)
    if (value !== undefined) set({ [name]: value })
  })
  box.addEventListener('blur', () => {
    complain(box, undefined)
    box.value = numberText(now)
  })

  return {
    element,
    update({ values, reach }) {
      now = values[name] as number
      scale = scaleOf(param, isSize(param) ? reach : Infinity)
      const position = scale.position(now)
      slider.value = String(position)
      slider.style.setProperty('--at', `${(100 * position) / POSITIONS}%`)
      setAttribute(slider, 'aria-valuetext', `${numberText(now)}${unitOf(param.unit)}`)
      if (document.activeElement !== box) box.value = numberText(now)
    },
  }
}
