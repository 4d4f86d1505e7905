import type { BackendName } from '../src/backends/backend.js'
import type { Capabilities } from '../src/choose.js'
import type { RunInfo } from '../src/run-info.js'
import type { Chain, Fault } from './model/chain.js'
import type { BackendChoice } from './model/code.js'
import { type History, begin } from './model/history.js'
import type { Size } from './model/start.js'
import type { Histogram } from './studio/histogram.js'

export const BACKENDS: readonly BackendName[] = ['wasm', 'webgpu', 'reference']

/** What is known of a picture that is shown; its pixels are in a canvas. */
export interface Facts extends Size {
  readonly channels: number
  readonly histogram: Histogram
}

export interface State {
  readonly history: History<Chain>
  /** The items whose controls are shown. */
  readonly open: ReadonlySet<number>
  readonly backend: BackendChoice
  readonly picture?: (Facts & { readonly name: string }) | undefined
  readonly result?: (Facts & { readonly run: RunInfo; readonly steps: number }) | undefined
  /** What is wrong with a step. */
  readonly fault?: Fault | undefined
  /** What is wrong with a whole run. */
  readonly problem?: string | undefined
  /** What a person should hear of beside the picture, until it is dismissed. */
  readonly notice?: string | undefined
  /** How far the run is, from 0 to 1; absent when nothing runs. */
  readonly progress?: number | undefined
  readonly capabilities?: Capabilities | undefined
  /** The last runs of each backend in milliseconds. */
  readonly times: Readonly<Record<BackendName, readonly number[]>>
  readonly measuring: boolean
  readonly camera: 'off' | 'starting' | 'live'
}

export const initialState = (chain: Chain): State => ({
  history: begin(chain),
  open: new Set(chain.slice(0, 1).map(({ id }) => id)),
  backend: 'auto',
  times: { wasm: [], webgpu: [], reference: [] },
  measuring: false,
  camera: 'off',
})
