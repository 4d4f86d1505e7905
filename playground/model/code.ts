// A chain as people write it elsewhere. Everything is written out: what is copied has to run.
import type { BackendName } from '../../src/backends/backend.js'
import { givenOf } from '../../src/cli/text.js'
import { type Step, factoryName } from '../../src/filters/define.js'

export type BackendChoice = BackendName | 'auto'

const quoted = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value.join(', ')}]` : String(value))

function callText(step: Step): string {
  const given = givenOf(step).map(([name, value]) => `${name}: ${quoted(value)}`)
  return `${factoryName(step.filter.name)}(${given.length === 0 ? '' : `{ ${given.join(', ')} }`})`
}

export function javascript(steps: readonly Step[], backend: BackendChoice): string {
  const names = [...new Set(steps.map(({ filter }) => factoryName(filter.name)))].sort()
  const list = steps.length === 0 ? '[]' : `[\n${steps.map((step) => `  ${callText(step)},\n`).join('')}]`
  const options = backend === 'auto' ? '' : `, { backend: '${backend}' }`
  return [
    `import { ${['apply', ...names].join(', ')} } from 'isopix'`,
    '',
    '// image: ImageData, or any { width, height, data }',
    `const result = await apply(image, ${list}${options})`,
  ].join('\n')
}

function wordOf(step: Step): string {
  const given = givenOf(step).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('/') : value}`)
  return given.length === 0 ? step.filter.name : `${step.filter.name}:${given.join(',')}`
}

export function commandLine(steps: readonly Step[], backend: BackendChoice): string {
  const options = backend === 'auto' ? [] : ['--backend', backend]
  return ['isopix', 'photo.jpg', '-o', 'result.png', ...options, ...steps.map(wordOf)].join(' ')
}
