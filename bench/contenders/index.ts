import type { Contender } from '../contender.js'
import { isOfChromium, openChromium } from './chromium.js'
import { openOwn } from './own.js'

/** The backends of isopix that can be timed; wasm also on another number of threads: `wasm-3`. */
export const BACKENDS = ['reference', 'wasm-inline', 'wasm', 'webgpu', 'chromium-wasm', 'chromium-webgpu'] as const

export const isBackend = (name: string): boolean => (BACKENDS as readonly string[]).includes(name) || /^(chromium-)?wasm-(inline|\d+)$/.test(name)

export interface Opened {
  readonly contenders: readonly Contender[]
  readonly missing: readonly Missing[]
  close(): Promise<void>
}

/** What is not here, and why. */
export interface Missing {
  readonly name: string
  readonly reason: string
}

/** A backend, here or in Chromium, or why it is not there. */
export const openBackend = (name: string, threads: number): Promise<readonly Contender[] | string> =>
  isOfChromium(name) ? openChromium(name, threads) : openOwn(name, threads)

/** Opens backends, each with ordinary and with resident images. */
export async function openBackends(names: readonly string[], threads: number): Promise<Opened> {
  const contenders: Contender[] = []
  const missing: Missing[] = []
  for (const name of names) {
    const opened = await openBackend(name, threads)
    if (typeof opened === 'string') missing.push({ name, reason: opened })
    else contenders.push(...opened)
  }
  return {
    contenders,
    missing,
    async close() {
      for (const contender of contenders) await contender.close()
    },
  }
}
