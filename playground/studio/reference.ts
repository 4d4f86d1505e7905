// The reference is one long calculation that hears nothing while it lasts. In a worker of its own it can be ended.
import type { Step } from '../../src/index.js'
import { Result } from '../../src/result.js'
import type { Image } from '../../src/image.js'

export interface ReferenceJob {
  readonly image: Image
  readonly steps: string
}

export type ReferenceReply = { readonly result: Pick<Result, 'width' | 'height' | 'channels' | 'data' | 'run'> } | { readonly failure: string }

export function runReference(image: Image, steps: readonly Step[], signal: AbortSignal): Promise<Result> {
  const worker = new Worker(new URL('./reference-worker.ts', import.meta.url), { type: 'module', name: 'reference' })
  return new Promise<Result>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the reference\'s worker did not load')))
    worker.addEventListener('message', ({ data }: MessageEvent<ReferenceReply>) => {
      if ('failure' in data) reject(new Error(data.failure))
      else resolve(new Result(data.result, data.result.run))
    })
    const job: ReferenceJob = { image, steps: JSON.stringify(steps) }
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}
