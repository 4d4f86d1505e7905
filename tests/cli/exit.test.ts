// A program that uses the package ends by itself, without close(), and importing the package starts nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { type Run, dist, missingGpu, node } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'

const folder = temporaryFolder()
const HEAD = `
import { apply, createEngine, gaussianBlur, invert } from '${pathToFileURL(join(dist, 'index.js')).href}'
const image = (width, height) => ({ width, height, data: new Uint8Array(width * height * 4).fill(99) })
let last = 0
const done = () => { last = performance.now() }
process.on('exit', () => console.log(Math.round(performance.now() - last) + ' ms after the last line'))
`
/** How long a program may live on after its last line: a worker or a device that holds it would do so for good. */
const LINGER_MS = 3000
let noGpu: string | undefined

beforeAll(async () => {
  noGpu = await missingGpu()
})

async function run(name: string, body: string): Promise<Run> {
  const script = join(folder, `${name}.mjs`)
  writeFileSync(script, `${HEAD}${body}\ndone()\n`)
  return await node(script, [], { cwd: folder })
}

function expectEnd({ code, signal, stdout, stderr }: Run): void {
  expect({ code, signal }, stderr).toEqual({ code: 0, signal: null })
  expect(Number.parseInt(/(\d+) ms after/.exec(stdout)?.[1] as string, 10)).toBeLessThan(LINGER_MS)
}

test('after an import alone', async () => {
  const ended = await run('import', `console.log(process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length + ' workers')`)
  expectEnd(ended)
  expect(ended.stdout).toContain('0 workers')
})

test('after wasm inline', async () => expectEnd(await run('inline', `await apply(image(16, 16), [invert()], { backend: 'wasm' })`)))

test('after wasm workers', async () =>
  expectEnd(await run('workers', `const engine = await createEngine({ threads: 3 })\nawait engine.apply(image(900, 700), [gaussianBlur({ sigma: 3 })], { backend: 'wasm' })\nif (engine.stats().workers !== 3) throw new Error('no workers')`)))

test('after an aborted call', async () =>
  expectEnd(await run('aborted', `const controller = new AbortController()\nawait apply(image(1500, 1000), [gaussianBlur({ sigma: 20 })], { backend: 'wasm', signal: controller.signal, onProgress: () => controller.abort() }).catch(() => {})`)))

test('after several engines, one of them closed', async () =>
  expectEnd(await run('several', `for (let i = 0; i < 3; i++) {\n  const engine = await createEngine({ threads: 2 })\n  await engine.apply(image(900, 700), [gaussianBlur({ sigma: 3 })], { backend: 'wasm' })\n  if (i === 0) await engine.close()\n}`)))

test('after webgpu, every time', async (context) => {
  if (noGpu !== undefined) return context.skip(noGpu)
  const body = `await apply(image(64, 64), [gaussianBlur({ sigma: 2 }), invert()], { backend: 'webgpu' })`
  for (let i = 0; i < 5; i++) expectEnd(await run('webgpu', body))
  expectEnd(await run('closed', `const engine = await createEngine()\nawait engine.apply(image(64, 64), [invert()], { backend: 'webgpu' })\nawait engine.close()`))
})

test('after the backend that is chosen by itself', async () => expectEnd(await run('auto', `await apply(image(1500, 1000), [gaussianBlur({ sigma: 9 })])`)))

test('when it ends itself in the middle of a call', async (context) => {
  const backends = noGpu === undefined ? ['wasm', 'webgpu'] : ['wasm']
  for (const backend of backends) {
    const { code, signal, stderr } = await run(`leave-${backend}`, `void apply(image(700, 500), [gaussianBlur({ sigma: 9 })], { backend: '${backend}' })\nsetTimeout(() => process.exit(7), 300)`)
    expect({ code, signal }, stderr).toEqual({ code: 7, signal: null })
  }
  if (noGpu !== undefined) context.annotate(noGpu)
})
