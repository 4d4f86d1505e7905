// Which backend runs, why, and how long each of them took.
import type { BackendName } from '../../src/backends/backend.js'
import { durationText } from '../../src/cli/text.js'
import type { App } from '../app.js'
import type { BackendChoice } from '../model/code.js'
import { BACKENDS, type State } from '../state.js'
import { byId, el, setAttribute, setText, svg } from './dom.js'

const TITLES: Readonly<Record<BackendChoice, string>> = { auto: 'Automatic', wasm: 'WebAssembly', webgpu: 'WebGPU', reference: 'Reference' }
const PLOT = { width: 96, height: 22, bar: 3 }

const THREADING = {
  shared: 'Threads share memory',
  transfer: 'Threads get copies',
  inline: 'One thread',
} as const

const SHORT = { shared: 'shared memory', transfer: 'copies for each', inline: 'inline' } as const

export function backendsView(app: App): (state: State) => void {
  const rows = (['auto', ...BACKENDS] as const).map((backend) => rowOf(backend, app))
  byId('backends').append(...rows.map(({ element }) => element))
  byId('measure').addEventListener('click', () => void app.measure())

  return (state) => {
    for (const row of rows) row.update(state)
    const { result, problem, capabilities, measuring } = state
    const run = result?.run
    setText(byId('reason'), problem !== undefined ? problem : run === undefined ? '' : `Ran on ${TITLES[run.backend]} – ${run.reason}.`)
    setAttribute(byId('reason'), 'data-bad', problem !== undefined)
    setText(byId('measure'), measuring ? 'Stop' : 'Time each')
    const wasm = capabilities?.wasm
    const rung = byId('rung')
    rung.hidden = wasm === undefined
    if (wasm === undefined) return
    const threading = wasm.available ? wasm.threading : undefined
    setAttribute(rung, 'data-rung', threading?.name ?? 'none')
    setText(byId('rung-name'), threading === undefined ? 'No WebAssembly' : THREADING[threading.name])
    setAttribute(rung, 'title', threading === undefined ? (wasm.available ? undefined : wasm.reason) : `${threading.name}: ${threading.why}`)
  }
}

function rowOf(backend: BackendChoice, app: App): { readonly element: Element; readonly update: (state: State) => void } {
  const input = el('input', { type: 'radio', name: 'backend', value: backend, change: () => app.choose(backend) })
  const note = el('span', { class: 'backend-note' })
  const time = el('span', { class: 'backend-time' })
  const plot = svg('svg', { class: 'spark', viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, 'aria-hidden': 'true', preserveAspectRatio: 'none' })
  const name = el('span', { class: 'backend-name' }, TITLES[backend])
  const element = el('label', { class: 'backend', 'data-backend': backend }, input, el('span', { class: 'backend-text' }, name, note), plot, time)
  let drawn: State['times'] | undefined

  return {
    element,
    update(state) {
      const { times, result } = state
      input.checked = state.backend === backend
      setAttribute(element, 'data-ran', result?.run.backend === backend)
      setText(note, noteOf(backend, state))
      setAttribute(note, 'title', note.textContent ?? undefined)
      if (backend === 'auto' || times === drawn) return
      drawn = times
      const latest = times[backend].at(-1)
      setText(time, latest === undefined ? '–' : durationText(latest))
      plot.replaceChildren(...bars(times, backend))
    },
  }
}

function noteOf(backend: BackendChoice, { capabilities, result, backend: chosen }: State): string {
  if (backend === 'auto') return chosen === 'auto' && result !== undefined ? `now ${TITLES[result.run.backend]}` : 'the one that should be fastest'
  if (backend === 'reference') return 'plain TypeScript'
  const found = capabilities?.[backend]
  if (found === undefined) return ''
  if (!found.available) return found.reason
  return found.threading === undefined ? (found.name ?? '') : `${found.name}, ${SHORT[found.threading.name]}`
}

/** The last times as bars on a logarithmic scale that all backends share. */
function bars(times: State['times'], backend: BackendName): SVGElement[] {
  const all = Object.values(times).flat()
  const [low, high] = [Math.log(Math.max(0.05, Math.min(...all)) / 2), Math.log(Math.max(1, ...all))]
  const mine = times[backend]
  return mine.map((milliseconds, index) => {
    const height = Math.max(1.5, (PLOT.height * (Math.log(Math.max(0.05, milliseconds)) - low)) / Math.max(0.7, high - low))
    const x = PLOT.width - (mine.length - index) * PLOT.bar
    return svg('rect', { x, y: PLOT.height - height, width: PLOT.bar - 1, height, rx: 0.8 })
  })
}
