// Puts the page together: state, worker, actions, views.
import { createApp } from './app.js'
import { recipe } from './model/recipes.js'
import { initialState } from './state.js'
import { createStore } from './store.js'
import { Studio } from './studio/client.js'
import { backendsView } from './views/backends.js'
import { chainView } from './views/chain.js'
import { codeView } from './views/code.js'
import { byId } from './views/dom.js'
import { galleryView } from './views/gallery.js'
import { headerView } from './views/header.js'
import { histogramView } from './views/histogram.js'
import { stageView } from './views/stage.js'
import { toolbarView } from './views/toolbar.js'

const live = byId('live')
/** Says something to people who do not see the page; the same words twice are said twice. */
const announce = (text: string): void => {
  live.textContent = live.textContent === text ? `${text}\u00a0` : text
}

const store = createStore(initialState(recipe('Poster')))
const studio = new Studio()
const stage = stageView()
const app = createApp(store, studio, stage.display, announce)
stage.connect(app)

const views = [stage.update, headerView(app), toolbarView(app, announce), chainView(app), histogramView(), backendsView(app), codeView(app, announce), galleryView(app, studio)]
for (const view of views) store.listen(view)

void app.open('sample', 'Sample')
app.followLink(location.hash)
addEventListener('hashchange', () => app.followLink(location.hash))
