import { createEngine, parseSteps } from '../../src/index.js'
import type { ReferenceJob, ReferenceReply } from './reference.js'

self.addEventListener('message', async ({ data: { image, steps } }: MessageEvent<ReferenceJob>) => {
  const reply = (message: ReferenceReply, transfer: Transferable[] = []): void => self.postMessage(message, { transfer })
  try {
    const engine = await createEngine({ threads: 0, gpu: false })
    const { width, height, channels, data, run } = await engine.apply(image, parseSteps(steps), { backend: 'reference' })
    reply({ result: { width, height, channels, data, run } }, [data.buffer as ArrayBuffer])
  } catch (error) {
    reply({ failure: (error as Error).message })
  }
})
