// The list of steps.
import type { App } from '../app.js'
import { MOST_STEPS } from '../model/link.js'
import { recipes } from '../model/recipes.js'
import type { State } from '../state.js'
import { byId, el, keyed, setText } from './dom.js'
import { dragToReorder } from './drag.js'
import { type StepContext, stepView } from './step.js'

export function chainView(app: App): (state: State) => void {
  const list = byId('steps')
  const steps = keyed<StepContext>(list, ({ item }) => item.id, ({ item }) => stepView(item, app))
  dragToReorder(list, (id, to) => app.move(id, to))
  byId('recipes').append(
    ...recipes.map((name) => el('button', { type: 'button', class: 'chip', click: () => app.use(name) }, name)),
  )
  byId('clear').addEventListener('click', () => {
    app.clear()
    byId('add').focus()
  })

  return (state) => {
    const chain = state.history.now
    const reach = Math.max(state.picture?.width ?? 1, state.picture?.height ?? 1)
    steps(
      chain.map((item, index) => ({
        item,
        place: index + 1,
        count: chain.length,
        open: state.open.has(item.id),
        reach,
        fault: state.fault?.item === item.id ? state.fault.message : undefined,
      })),
    )
    byId('empty').hidden = chain.length > 0
    byId<HTMLButtonElement>('clear').disabled = chain.length === 0
    byId<HTMLButtonElement>('add').disabled = chain.length >= MOST_STEPS
    setText(byId('count'), chain.length === 0 ? '' : String(chain.length))
  }
}
