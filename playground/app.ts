// What a person can do, and what the page does then. Views call these actions and show the state; nothing else changes it.
import type { BackendName } from '../src/backends/backend.js'
import type { Definition } from '../src/filters/define.js'
import { type Camera, startCamera } from './camera.js'
import { type Chain, change, compile, definitionOf, move, newItem, remove, withoutPlace } from './model/chain.js'
import type { BackendChoice } from './model/code.js'
import { record, redo, undo } from './model/history.js'
import { MOST_STEPS, linkOf, readLink } from './model/link.js'
import { type Recipe, recipe } from './model/recipes.js'
import { startOf } from './model/start.js'
import { BACKENDS, type State } from './state.js'
import type { Store } from './store.js'
import { type Studio, StudioError } from './studio/client.js'
import { Latest } from './studio/latest.js'
import type { FileType, Filtered, Job, Shown, Source } from './studio/protocol.js'
import { sizeText, titleOf } from './views/words.js'

/** Where pixels are shown. */
export interface Display {
  /** @param alone What is shown of another picture goes away. */
  before(bitmap: ImageBitmap, alone: boolean): void
  after(bitmap: ImageBitmap): void
}

interface Wish extends Job {
  /** The item of each step. */
  readonly items: readonly number[]
}

export type App = ReturnType<typeof createApp>

/** Runs that the plot of a backend holds. */
const PLOTTED = 32
/** So often each backend is timed for comparison; the reference, which is slow, once. */
const TIMED = 5
/** Browsers refuse addresses that change faster. */
const ADDRESS_MS = 300

/** @param announce Says something to people who do not see the page. */
export function createApp(store: Store<State>, studio: Studio, display: Display, announce: (text: string) => void) {
  const chain = (): Chain => store.get().history.now
  const runs = new Latest<Wish>(run)
  let measurement: AbortController | undefined
  let camera: Camera | undefined
  let addressTimer: ReturnType<typeof setTimeout> | undefined
  let opened = 0

  /** @param kind Edits of one kind that follow each other are one step back. */
  function edit(next: Chain, kind?: string): void {
    store.set({ history: record(store.get().history, next, kind) })
    changed()
  }

  function changed(): void {
    clearTimeout(addressTimer)
    addressTimer = setTimeout(() => history.replaceState(null, '', linkOf(chain())), ADDRESS_MS)
    refresh()
  }

  /** Filters the picture by the chain as it is now. */
  function refresh(): void {
    measurement?.abort()
    const { fault } = compile(chain())
    store.set({ fault, problem: undefined })
    if (fault !== undefined) runs.stop()
    else if (store.get().picture !== undefined && camera === undefined) runs.want(wish())
  }

  function wish(backend = store.get().backend): Wish {
    const { steps, items } = compile(chain())
    return { steps: JSON.stringify(steps), items, backend }
  }

  async function run({ items, ...job }: Wish, signal: AbortSignal): Promise<void> {
    store.set({ progress: 0 })
    try {
      const filtered = await studio.call('run', job, { signal, onNote: (progress: number) => store.set({ progress }) })
      show(filtered, items.length)
    } catch (error) {
      if (!signal.aborted) fail(error, items)
    } finally {
      store.set({ progress: undefined })
    }
  }

  function show({ bitmap, run, capabilities, ...facts }: Filtered, steps: number): void {
    display.after(bitmap)
    learn(run.backend, run.milliseconds)
    store.set({ result: { ...facts, run, steps }, capabilities, fault: compile(chain()).fault, problem: undefined })
  }

  function fail(error: unknown, items: readonly number[]): void {
    const message = withoutPlace((error as Error).message)
    const item = error instanceof StudioError && error.step !== undefined ? items[error.step] : undefined
    if (item === undefined) store.set({ problem: message })
    else store.set({ fault: { item, message }, open: new Set([...store.get().open, item]) })
  }

  function learn(backend: BackendName, milliseconds: number): void {
    const { times } = store.get()
    store.set({ times: { ...times, [backend]: [...times[backend], milliseconds].slice(-PLOTTED) } })
  }

  async function time(backend: BackendName, signal: AbortSignal): Promise<void> {
    const { items: _items, ...job } = wish(backend)
    try {
      for (let turn = 0; turn < (backend === 'reference' ? 1 : TIMED); turn++) {
        const { bitmap, run, capabilities } = await studio.call('run', job, { signal })
        bitmap.close()
        learn(run.backend, run.milliseconds)
        store.set({ capabilities })
      }
    } catch (error) {
      if (!signal.aborted) store.set({ problem: withoutPlace((error as Error).message) })
    }
  }

  /** @param alone It is another picture, of which there is no result yet. */
  function showPicture({ bitmap, ...facts }: Shown, name: string, alone: boolean): void {
    display.before(bitmap, alone)
    store.set({ picture: { ...facts, name }, ...(alone && { result: undefined }) })
  }

  async function open(source: Source, name: string): Promise<void> {
    stopCamera()
    const mine = ++opened
    runs.stop()
    store.set({ notice: undefined })
    try {
      const shown = await studio.call('open', { source })
      if (mine !== opened) return
      showPicture(shown, name, true)
      announce(`${name}, ${sizeText(shown)}`)
      refresh()
    } catch (error) {
      const why = (error as Error).name === 'InvalidArgumentError' ? 'it is no picture that this browser can read' : (error as Error).message
      store.set({ notice: `${name} cannot be opened: ${why}` })
    }
  }

  async function liveFrame(bitmap: ImageBitmap): Promise<void> {
    const mine = opened
    const shown = await studio.call('open', { source: bitmap }, { transfer: [bitmap] })
    if (mine !== opened) return
    showPicture(shown, 'Camera', false)
    const { items, ...job } = wish()
    if (compile(chain()).fault !== undefined) return
    try {
      const filtered = await studio.call('run', job)
      if (mine === opened) show(filtered, items.length)
    } catch (error) {
      fail(error, items)
    }
  }

  function stopCamera(): void {
    camera?.stop()
    camera = undefined
    store.set({ camera: 'off' })
  }

  function cameraFailed(error: unknown): void {
    stopCamera()
    store.set({ notice: `The camera does not run: ${(error as Error).message}` })
  }

  return {
    add(definition: Definition) {
      const { result, picture } = store.get()
      if (chain().length >= MOST_STEPS) {
        store.set({ notice: `A chain has ${MOST_STEPS} steps at most here.` })
        return
      }
      const item = newItem(definition.name, startOf(definition, result ?? picture ?? { width: 1, height: 1 }))
      store.set({ open: new Set([...store.get().open, item.id]) })
      edit([...chain(), item])
      announce(`${titleOf(definition.name)} added as step ${chain().length}`)
      return item.id
    },

    remove(id: number) {
      const item = chain().find((candidate) => candidate.id === id)
      edit(remove(chain(), id))
      if (item !== undefined) announce(`${titleOf(item.filter)} removed`)
    },

    move(id: number, to: number) {
      const from = chain().findIndex((item) => item.id === id)
      const next = move(chain(), id, to)
      const place = next.findIndex((item) => item.id === id)
      if (from < 0 || place === from) return
      edit(next, `move ${id}`)
      announce(`${titleOf((next[place] as Chain[number]).filter)} is now step ${place + 1} of ${next.length}`)
    },

    toggle(id: number) {
      const item = chain().find((candidate) => candidate.id === id)
      if (item !== undefined) edit(change(chain(), id, { on: !item.on }))
    },

    /** Sets values of a step; each has to be accepted by its parameter. */
    set(id: number, values: Readonly<Record<string, unknown>>) {
      const item = chain().find((candidate) => candidate.id === id)
      if (item === undefined) return
      edit(change(chain(), id, { values: { ...item.values, ...values } }), `set ${id} ${Object.keys(values).join()}`)
    },

    reset(id: number) {
      const item = chain().find((candidate) => candidate.id === id)
      const { picture } = store.get()
      if (item === undefined || picture === undefined) return
      edit(change(chain(), id, { values: startOf(definitionOf(item), picture) }))
      announce(`${titleOf(item.filter)} is reset`)
    },

    clear() {
      edit([])
      announce('The chain is empty')
    },

    use(name: Recipe) {
      const next = recipe(name)
      store.set({ open: new Set(next.slice(0, 1).map(({ id }) => id)) })
      edit(next)
      announce(`${name}: ${next.length} steps`)
    },

    unfold(id: number) {
      const open = new Set(store.get().open)
      if (!open.delete(id)) open.add(id)
      store.set({ open })
    },

    undo() {
      if (store.get().history.past.length === 0) return
      store.set({ history: undo(store.get().history) })
      changed()
      announce('Undone')
    },

    redo() {
      if (store.get().history.future.length === 0) return
      store.set({ history: redo(store.get().history) })
      changed()
      announce('Done again')
    },

    /** Takes the chain of a link, if it holds one; a link that is wrong is said to be so, and leaves the chain alone. */
    followLink(hash: string) {
      try {
        const linked = readLink(hash)
        if (linked === undefined || linkOf(linked) === linkOf(chain())) return
        store.set({ open: new Set(linked.slice(0, 1).map(({ id }) => id)), notice: undefined })
        edit(linked)
      } catch (error) {
        store.set({ notice: `This link does not hold a chain that can be used: ${(error as Error).message}` })
      }
    },

    link: (): string => new URL(linkOf(chain()), location.href).href,

    choose(backend: BackendChoice) {
      store.set({ backend })
      refresh()
    },

    open,

    async toggleCamera() {
      if (store.get().camera !== 'off') {
        stopCamera()
        refresh()
        return
      }
      store.set({ camera: 'starting', notice: undefined })
      runs.stop()
      try {
        camera = await startCamera(liveFrame, cameraFailed)
        store.set({ camera: 'live' })
        announce('The camera is on')
      } catch (error) {
        cameraFailed(error)
      }
    },

    /** Times the chain on every backend, or stops that. */
    async measure() {
      if (measurement !== undefined) {
        measurement.abort()
        return
      }
      measurement = new AbortController()
      const { signal } = measurement
      store.set({ measuring: true })
      for (const backend of BACKENDS) await time(backend, signal)
      measurement = undefined
      store.set({ measuring: false })
    },

    async encode(type: FileType): Promise<Blob | undefined> {
      try {
        return await studio.call('encode', { type })
      } catch (error) {
        store.set({ notice: `The picture cannot be saved: ${(error as Error).message}` })
        return undefined
      }
    },

    dismiss() {
      store.set({ notice: undefined })
    },

    notice(text: string) {
      store.set({ notice: text })
    },
  }
}
