// What all controls share: a name, what it means, and what is wrong with what was typed.
import type { Param } from '../../../src/params.js'
import { el, setAttribute, setText } from '../dom.js'
import { titleOf } from '../words.js'

let lastId = 0

export interface Frame {
  readonly element: HTMLElement
  /** The id of the main input. */
  readonly inputId: string
  /** For `aria-describedby` of inputs. */
  readonly helpId: string
  /** Says what is wrong at one of the inputs; undefined when all is well. */
  complain(input: HTMLElement, message: string | undefined): void
}

/** A label above a control; its summary shows while somebody points at it or works with the control. */
export function frame(name: string, { summary }: Pick<Param<unknown>, 'summary'>, aside: readonly Node[], main: (frame: Omit<Frame, 'element'>) => readonly Node[]): Frame {
  const id = `control-${++lastId}`
  const helpId = `${id}-help`
  const error = el('p', { class: 'control-error', role: 'alert', id: `${id}-error`, hidden: true })
  const parts = {
    inputId: id,
    helpId,
    complain(input: HTMLElement, message: string | undefined) {
      setAttribute(input, 'aria-invalid', message === undefined ? undefined : 'true')
      error.hidden = message === undefined
      setText(error, message ?? '')
    },
  }
  const element = el(
    'div',
    { class: 'control' },
    el('div', { class: 'control-head' }, el('label', { for: id }, titleOf(name)), ...aside),
    ...main(parts),
    error,
    el('p', { class: 'help', id: helpId }, summary),
  )
  return { element, ...parts }
}

/** What is accepted, as a sentence. */
export const expectation = ({ expected }: Pick<Param<unknown>, 'expected'>): string => `Expected ${expected}.`
