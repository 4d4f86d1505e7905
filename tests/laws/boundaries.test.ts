// Who may import whom: the rules of ARCHITECTURE.md, "Layers".
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
  .map((file) => join('src', file))

/** What a file imports: paths from the root, or the specifier itself where it is a package or `#platform`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import '([^']+)'/g)]
  return specifiers.map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3]) as string
    return specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts') : specifier
  })
}

interface Rule {
  readonly why: string
  readonly files: RegExp
  readonly mayNot: RegExp
}

const RULES: readonly Rule[] = [
  { why: 'definitions are data', files: /^src\/filters\//, mayNot: /^src\/(engine|choose|backends|platform|cli|server|plan|index)|^#platform|^node:/ },
  { why: 'the engine works on steps, not on the registry', files: /^src\/(engine|choose|plan)\.ts|^src\/backends\//, mayNot: /^src\/filters\/(index|factories)/ },
  { why: 'one backend does not know another', files: /^src\/backends\/wasm\//, mayNot: /^src\/backends\/(webgpu|reference)/ },
  { why: 'one backend does not know another', files: /^src\/backends\/webgpu\//, mayNot: /^src\/backends\/(wasm|reference)/ },
  { why: 'one backend does not know another', files: /^src\/backends\/reference/, mayNot: /^src\/backends\/(wasm|webgpu)/ },
  { why: 'nothing inside imports the public face', files: /^src\/(?!cli\/)/, mayNot: /^src\/index\.ts/ },
  { why: 'the core does not know its tools', files: /^src\/(?!cli\/|server\/)/, mayNot: /^src\/(cli|server)\// },
  { why: 'the server stands beside the command line', files: /^src\/server\//, mayNot: /^src\/(cli|backends|platform|choose)|^#platform/ },
  { why: 'only platforms, the command line and the server touch Node', files: /^src\/(?!platform\/|cli\/|server\/)/, mayNot: /^node:/ },
  { why: 'a worker does not know what a filter is', files: /^src\/backends\/wasm\/(worker|protocol|instantiate)\.ts|^src\/platform\/worker/, mayNot: /^src\/(filters|plan|stage|engine)/ },
  { why: 'the core has no dependency', files: /^src\/(?!cli\/|server\/|platform\/)/, mayNot: /^[a-z@](?!rc\/)/ },
  { why: 'the package does not need its tools', files: /^src\//, mayNot: /^(tests|bench|scripts|playground|assembly|shaders)\// },
]

test('there are files to check', () => {
  expect(files.length).toBeGreaterThan(30)
  expect(files.flatMap(importsOf).length).toBeGreaterThan(100)
})

test.each(RULES)('$why ($files may not import $mayNot)', ({ files: pattern, mayNot }) => {
  const checked = files.filter((file) => pattern.test(file))
  expect(checked.length, 'the rule concerns some file').toBeGreaterThan(0)
  const broken = checked.flatMap((file) => importsOf(file).filter((target) => mayNot.test(target)).map((target) => `${file} imports ${target}`))
  expect(broken).toEqual([])
})

test('nothing imports itself in a circle', () => {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' > '))
    if (done.has(file)) return
    done.add(file)
    for (const target of importsOf(file)) if (files.includes(target)) visit(target, [...path, file])
  }
  for (const file of files) visit(file, [])
  expect(circles).toEqual([])
})
