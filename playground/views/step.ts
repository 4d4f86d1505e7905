// One step: its name, what can be done to it, its controls, and what is wrong with it.
import { givenOf } from '../../src/cli/text.js'
import { borderParams } from '../../src/params.js'
import type { App } from '../app.js'
import { type Item, definitionOf } from '../model/chain.js'
import { listOfSize } from '../model/tables.js'
import { controlFor, type ControlContext } from './controls/control.js'
import { sizeControl } from './controls/sides.js'
import { type View, byId, el, icon, setAttribute, setText } from './dom.js'
import { numberText, titleOf, unitOf } from './words.js'

export interface StepContext {
  readonly item: Item
  readonly place: number
  readonly count: number
  readonly open: boolean
  /** The longer side of the picture: sliders of sizes end there. */
  readonly reach: number
  readonly fault: string | undefined
}

export function stepView({ id, filter }: Item, app: App): View<StepContext> {
  const definition = definitionOf({ filter })
  const title = titleOf(filter)
  const bodyId = `step-${id}`
  const controls = controlsOf(definition, (values) => app.set(id, values))
  const hasBody = controls.length > 0
  let place = 0

  const grip = el('button', { type: 'button', class: 'grip', 'aria-describedby': 'grip-help', 'data-grip': true }, icon('grip'))
  const brief = el('span', { class: 'step-brief' })
  const heading = el(
    'button',
    { type: 'button', class: 'step-title', 'aria-controls': hasBody ? bodyId : undefined, title: definition.summary, disabled: !hasBody },
    el('span', { class: 'step-name' }, title),
    brief,
  )
  const toggle = el('input', { type: 'checkbox', role: 'switch', class: 'switch', 'aria-label': `${title} is on`, change: () => app.toggle(id) })
  const reset = button('reset', `Reset ${title}`, () => app.reset(id))
  const removal = button('close', `Remove ${title}`, () => {
    // The focus goes to the neighbour, or to where steps are added.
    const neighbour = element.nextElementSibling ?? element.previousElementSibling
    app.remove(id)
    queueMicrotask(() => (neighbour?.querySelector<HTMLElement>('.grip') ?? byId('add')).focus())
  })
  const fault = el('p', { class: 'fault', role: 'alert' })
  const body = el('div', { class: 'step-body', id: bodyId }, el('p', { class: 'step-summary' }, definition.summary), ...controls.map((control) => control.element))
  const element = el('li', { class: 'step', 'data-id': id }, el('div', { class: 'step-head' }, grip, heading, toggle, reset, removal), fault, body)

  heading.addEventListener('click', () => app.unfold(id))
  grip.addEventListener('keydown', (event) => {
    const to = { ArrowUp: place - 2, ArrowDown: place, Home: 0, End: Infinity }[event.key]
    if (to === undefined) return
    event.preventDefault()
    app.move(id, to)
  })

  return {
    element,
    update({ item, place: now, count, open, reach, fault: message }) {
      place = now
      toggle.checked = item.on
      setAttribute(element, 'data-off', !item.on)
      setAttribute(element, 'data-faulty', message !== undefined)
      setAttribute(grip, 'aria-label', `Move ${title}, step ${now} of ${count}`)
      setAttribute(heading, 'aria-expanded', hasBody ? String(open) : undefined)
      setText(brief, open && hasBody ? '' : briefOf(item))
      body.hidden = !open || !hasBody
      fault.hidden = message === undefined
      setText(fault, message ?? '')
      for (const control of controls) control.update({ values: item.values, reach, id })
    },
  }
}

function button(name: string, label: string, click: () => void): HTMLButtonElement {
  return el('button', { type: 'button', class: 'tool', 'aria-label': label, title: label, click }, icon(name))
}

type Control = { readonly element: HTMLElement; readonly update: (context: ControlContext) => void }

/** A control for every parameter; those of the border stand together at the end, since few people need them. */
function controlsOf(definition: ReturnType<typeof definitionOf>, set: (values: Record<string, unknown>) => void): Control[] {
  const entries = Object.entries(definition.params)
  const isBorder = (param: unknown): boolean => Object.values(borderParams).includes(param as never)
  const sides = listOfSize(definition) === undefined ? [] : ['width', 'height']
  const main = entries.filter(([name, param]) => !isBorder(param) && !sides.includes(name)).map(([name, param]) => controlFor(name, param, set))
  const border = entries.filter(([, param]) => isBorder(param)).map(([name, param]) => controlFor(name, param, set))
  return [...(sides.length === 0 ? [] : [sizeControl(definition, set)]), ...main, ...(border.length === 0 ? [] : [group('Border', border)])]
}

function group(name: string, controls: readonly Control[]): Control {
  const element = el('details', { class: 'group' }, el('summary', {}, name), ...controls.map((control) => control.element))
  return {
    element,
    update(context) {
      for (const control of controls) control.update(context)
    },
  }
}

/** The values that are not as by default, in few words. */
function briefOf(item: Item): string {
  const filter = definitionOf(item)
  return givenOf({ filter, values: item.values })
    .map(([name, value]) => {
      if (typeof value === 'number') return `${titleOf(name).toLowerCase()} ${numberText(value)}${unitOf(filter.params[name]?.unit)}`
      return typeof value === 'string' ? value : titleOf(name).toLowerCase()
    })
    .join(', ')
}
