// What the documentation says of the filters, from the registry, and of their speed, from what was measured.
import { existsSync, readFileSync } from 'node:fs'
import { type Definition, factoryName } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import type { Param } from '../../src/params.js'
import { gpuTables } from './gpu.js'
import { goals, speed } from './speed.js'

function page(): string {
  const sections = filters.map(section)
  const contents = filters.map(({ name, summary }) => `- [${factoryName(name)}](#${name.replaceAll('-', '')}): ${summary}`)
  return [
    '# Filters',
    'Made from the definitions in `src/filters` by `npm run docs`.',
    'Images have 8 bits a channel. Every formula is in integers and gives the same bytes on every backend. Values are rounded half up and ' +
      'clamped to 0..255. Unless a filter says otherwise, alpha is copied. An image of three channels is treated as an opaque one of four.',
    contents.join('\n'),
    ...sections,
  ].join('\n\n')
}

function section({ name, summary, details, params, example, cases, colour }: Definition): string {
  const entries = Object.entries(params)
  const input = example ?? cases[0] ?? {}
  const parts = [`## ${factoryName(name)}`, summary]
  if (details !== undefined) parts.push(details)
  if (colour) parts.push('Needs an image with colour.')
  if (entries.length > 0) {
    const rows = entries.map(([key, param]) => `| \`${key}\` | ${accepted(param)} | ${defaultOf(param)} | ${param.summary} |`)
    parts.push(['| parameter | values | default | meaning |', '|---|---|---|---|', ...rows].join('\n'))
  }
  const json = JSON.stringify(input)
  const shown = json.length > 100 ? '{ … }' : json === '{}' ? '' : toSource(input)
  parts.push(`\`\`\`ts\nawait apply(image, [${factoryName(name)}(${shown})])\n\`\`\``)
  return parts.join('\n\n')
}

const accepted = ({ expected, unit }: Param<unknown>): string => `${expected.replace(/^an? /, '').replaceAll('|', '\\|')}${unit === undefined ? '' : ` (${unit})`}`
const defaultOf = (param: Param<unknown>): string => (param.default === undefined ? 'none: required' : `\`${JSON.stringify(param.default).replaceAll('"', '')}\``)

function toSource(input: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(input).map(([key, value]) => `${key}: ${JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ')}`)
  return `{ ${pairs.join(', ')} }`
}

function table(): string {
  const rows = filters.map(({ name, summary, params }) => {
    const list = Object.entries(params).map(([key, param]) => `\`${key}\`${param.default === undefined ? '' : ` ${JSON.stringify(param.default).replaceAll('"', '')}`}`)
    return `| \`${factoryName(name)}\` | ${summary} | ${list.join(', ')} |`
  })
  return ['| filter | what it does | parameters and defaults |', '|---|---|---|', ...rows].join('\n')
}

/** A page whose text is written by hand, with what stands between the marks of a name replaced. */
function pageWith(file: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((page, [name, text]) => {
    const [start, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- /${name} -->`]
    const from = page.indexOf(start)
    const to = page.indexOf(end)
    if (from < 0 || to < 0) throw new Error(`${file} has no lines ${start} and ${end}`)
    return `${page.slice(0, from)}${start}\n${text}\n${page.slice(to)}`
  }, readFileSync(file, 'utf8'))
}

/** The files that are made from the registry, from counts and from what was measured, by path, as they should be. Tables go into pages as they are. */
export const wantedFiles = async (): Promise<Readonly<Record<string, string>>> => ({
  'docs/filters.md': `${page()}\n`,
  'docs/gpu.md': pageWith('docs/gpu.md', await gpuTables()),
  'docs/speed.md': pageWith('docs/speed.md', { goals: goals() }),
  'README.md': pageWith('README.md', { filters: table(), speed: speed() }),
})

/** Those that are not. */
export async function staleFiles(): Promise<readonly (readonly [file: string, text: string])[]> {
  return Object.entries(await wantedFiles()).filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
}
