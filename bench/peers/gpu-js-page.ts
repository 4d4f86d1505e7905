// gpu.js in a page.
import { pageFunctions } from '../contenders/page-functions.js'
import { type GpuJs, contenderOfGpuJs } from './gpu-js-contender.js'

async function open(mode: string) {
  const { default: library } = (await import('gpu.js')) as { default: GpuJs['GPU'] & Pick<GpuJs, 'input'> }
  return [contenderOfGpuJs(`gpu.js ${mode}`, `mode ${mode}`, mode, new library({ mode }), library.input)]
}

Object.assign(globalThis, { bench: pageFunctions(open) })
