// The chain as code, as a command and as JSON, to copy.
import type { App } from '../app.js'
import { compile } from '../model/chain.js'
import { commandLine, javascript } from '../model/code.js'
import { chainJson } from '../model/link.js'
import type { State } from '../state.js'
import { byId, el, setAttribute } from './dom.js'

const FORMS = ['javascript', 'command', 'json'] as const
type Form = (typeof FORMS)[number]

/** Words, names, texts and numbers, each with a colour of its own. */
const TOKENS = /(?<comment>\/\/.*)|(?<string>'[^']*'|"[^"]*")|(?<keyword>\b(?:import|from|const|await)\b)|(?<number>-?\b\d+(?:\.\d+)?\b)/g

export function codeView(app: App, announce: (text: string) => void): (state: State) => void {
  const tabs = FORMS.map((form) => byId<HTMLButtonElement>(`tab-${form}`))
  const text = byId('code')
  let form: Form = 'javascript'
  let state: State | undefined
  let shown = ''

  const render = (): void => {
    if (state === undefined) return
    FORMS.forEach((name, index) => {
      setAttribute(tabs[index] as Element, 'aria-selected', String(name === form))
      ;(tabs[index] as HTMLElement).tabIndex = name === form ? 0 : -1
    })
    setAttribute(byId('code-panel'), 'aria-labelledby', `tab-${form}`)
    const next = textOf(form, state)
    if (next === shown) return
    shown = next
    text.replaceChildren(...(form === 'command' ? [next] : coloured(next)))
  }
  const choose = (index: number): void => {
    form = FORMS[(index + FORMS.length) % FORMS.length] as Form
    render()
    byId(`tab-${form}`).focus()
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => choose(index))
    tab.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowRight') choose(index + 1)
      if (key === 'ArrowLeft') choose(index - 1)
    })
  })
  byId('copy').addEventListener('click', () => void copy(shown, byId('copy'), announce))
  byId('share').addEventListener('click', () => void copy(app.link(), byId('share'), announce))

  return (next) => {
    state = next
    render()
  }
}

function textOf(form: Form, { history, backend }: State): string {
  const on = history.now.filter((item) => item.on)
  if (form === 'json') return chainJson(on)
  const { steps } = compile(on)
  return form === 'command' ? commandLine(steps, backend) : javascript(steps, backend)
}

function coloured(text: string): (Node | string)[] {
  const parts: (Node | string)[] = []
  let end = 0
  for (const match of text.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] as string
    parts.push(text.slice(end, match.index), el('span', { class: `token-${kind}` }, match[0]))
    end = match.index + match[0].length
  }
  return [...parts, text.slice(end)]
}

/** Copies text and says so on the button for a moment. */
async function copy(text: string, button: HTMLElement, announce: (text: string) => void): Promise<void> {
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  announce(done ? 'Copied' : 'Copying is not allowed here')
  setAttribute(button, 'data-copied', done ? 'Copied' : 'Not allowed')
  setTimeout(() => setAttribute(button, 'data-copied', undefined), 1600)
}
