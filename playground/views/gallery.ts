// The filters to add, each with a small picture of what it does to the result as it is now.
import { type Definition, makeStep } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import type { App } from '../app.js'
import { lookSize } from '../model/look-size.js'
import { lookOf } from '../model/start.js'
import type { State } from '../state.js'
import type { Studio } from '../studio/client.js'
import type { Look } from '../studio/protocol.js'
import { byId, el, setAttribute, setText } from './dom.js'
import { titleOf } from './words.js'

interface Card {
  readonly definition: Definition
  readonly option: HTMLElement
  readonly canvas: HTMLCanvasElement
  /** What is searched, in small letters. */
  readonly words: string
}

export function galleryView(app: App, studio: Studio): (state: State) => void {
  const dialog = byId<HTMLDialogElement>('gallery')
  const search = byId<HTMLInputElement>('gallery-search')
  const list = byId('gallery-list')
  const cards = filters.map(cardOf)
  list.append(...cards.map(({ option }) => option))
  let shown: readonly Card[] = cards
  let active = 0
  let state: State | undefined
  let looking: AbortController | undefined

  const activate = (index: number): void => {
    active = Math.min(Math.max(index, 0), shown.length - 1)
    for (const card of cards) setAttribute(card.option, 'aria-selected', String(card === shown[active]))
    setAttribute(search, 'aria-activedescendant', shown[active]?.option.id)
    shown[active]?.option.scrollIntoView({ block: 'nearest' })
  }

  const filter = (): void => {
    const words = search.value.toLowerCase().split(/[\s-]+/)
    shown = cards.filter((card) => words.every((word) => card.words.includes(word)))
    // Names that begin with what was typed come first to hand.
    const first = shown.findIndex(({ definition }) => definition.name.startsWith(search.value.toLowerCase()))
    for (const card of cards) card.option.hidden = !shown.includes(card)
    byId('gallery-none').hidden = shown.length > 0
    activate(Math.max(0, first))
    setText(byId('gallery-count'), `${shown.length} filter${shown.length === 1 ? '' : 's'}`)
  }

  const pick = (card: Card | undefined): void => {
    if (card === undefined) return
    dialog.close()
    const id = app.add(card.definition)
    // After the list has been drawn: to the new step's first slider, or whatever it has.
    queueMicrotask(() => {
      const step = document.querySelector<HTMLElement>(`[data-id="${id}"]`)
      const find = (selector: string): HTMLElement | null | undefined => step?.querySelector<HTMLElement>(selector)
      step?.scrollIntoView({ block: 'nearest' })
      const target = find('.step-body input[type=range]') ?? find('.step-body :is(input, select):not([hidden])') ?? find('.grip')
      target?.focus({ preventScroll: true })
    })
  }

  /** How many cards stand side by side. */
  const columns = (): number => {
    const top = shown[0]?.option.offsetTop
    const next = shown.findIndex(({ option }) => option.offsetTop !== top)
    return next < 0 ? shown.length : next
  }

  search.addEventListener('input', filter)
  search.addEventListener('keydown', (event) => {
    const by = { ArrowDown: columns(), ArrowUp: -columns(), ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (event.key === 'Enter') pick(shown[active])
    // Sideways the keys move in the text that was typed.
    else if (by === undefined || (Math.abs(by) === 1 && event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && search.value !== '')) return
    else if (active + by >= 0 && active + by < shown.length) activate(active + by)
    event.preventDefault()
  })
  list.addEventListener('click', (event) => {
    const option = (event.target as Element).closest('[role=option]')
    pick(cards.find((card) => card.option === option))
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => looking?.abort())
  byId('gallery-close').addEventListener('click', () => dialog.close())
  byId('add').addEventListener('click', () => {
    search.value = ''
    dialog.showModal()
    filter()
    search.focus()
    void look()
  })

  /** Has the small pictures made; they appear one by one. */
  async function look(): Promise<void> {
    const size = state?.result ?? state?.picture
    if (size === undefined) return
    looking = new AbortController()
    const steps = cards.map(({ definition }) => JSON.stringify([makeStep(definition, lookOf(definition, lookSize(size)))]))
    const onNote = ({ index, bitmap, reason }: Look): void => {
      const { canvas, option } = cards[index] as Card
      setAttribute(option, 'data-reason', reason)
      if (bitmap === undefined) return
      canvas.width = bitmap.width
      canvas.height = bitmap.height
      canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap)
    }
    await studio.call('looks', { steps }, { signal: looking.signal, onNote }).catch(() => {
      // Closed, or no picture yet: the names are there all the same.
    })
  }

  return (next) => {
    state = next
  }
}

function cardOf(definition: Definition): Card {
  const { name, summary } = definition
  const canvas = el('canvas', { width: 3, height: 2, 'aria-hidden': 'true' })
  const option = el(
    'li',
    { role: 'option', class: 'card', id: `filter-${name}`, 'aria-selected': 'false' },
    el('span', { class: 'card-picture' }, canvas),
    el('span', { class: 'card-text' }, el('span', { class: 'card-name' }, titleOf(name)), el('span', { class: 'card-summary' }, summary)),
  )
  return { definition, option, canvas, words: `${name} ${titleOf(name)} ${summary}`.toLowerCase() }
}
