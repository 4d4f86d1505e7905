// Undo, redo and the colours of the page.
import type { App } from '../app.js'
import type { State } from '../state.js'
import { byId, setAttribute } from './dom.js'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]
const KEY = 'isopix-theme'

export function headerView(app: App): (state: State) => void {
  const [undo, redo] = [byId<HTMLButtonElement>('undo'), byId<HTMLButtonElement>('redo')]
  undo.addEventListener('click', () => app.undo())
  redo.addEventListener('click', () => app.redo())
  addEventListener('keydown', (event) => {
    const command = event.ctrlKey || event.metaKey
    // Boxes for text have an undo of their own.
    const isText = event.target instanceof HTMLInputElement && ['text', 'number', 'search'].includes(event.target.type)
    if (!command || event.altKey || isText) return
    const key = event.key.toLowerCase()
    if (key === 'z' && !event.shiftKey) app.undo()
    else if (key === 'y' || key === 'z') app.redo()
    else return
    event.preventDefault()
  })
  themeSwitch(byId('theme'))
  return ({ history }) => {
    undo.disabled = history.past.length === 0
    redo.disabled = history.future.length === 0
  }
}

function themeSwitch(button: HTMLElement): void {
  const show = (theme: Theme): void => {
    setAttribute(document.documentElement, 'data-theme', theme === 'auto' ? undefined : theme)
    setAttribute(button, 'data-theme-now', theme)
    const text = `Colours: ${theme === 'auto' ? 'as the system' : theme}`
    setAttribute(button, 'aria-label', text)
    setAttribute(button, 'title', text)
  }
  let theme = remembered() ?? 'auto'
  show(theme)
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme
    show(theme)
    try {
      localStorage.setItem(KEY, theme)
    } catch {
      // Where nothing may be stored the choice lasts as long as the page.
    }
  })
}

function remembered(): Theme | undefined {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY))
  } catch {
    return undefined
  }
}
