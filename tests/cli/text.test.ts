// What the command line says: help, filters, explanations and the sample.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { filters } from '../../src/filters/index.js'
import { dist, isopix, node } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { readPicture, writePicture } from '../helpers/pictures.js'

const folder = temporaryFolder()
const at = (...names: readonly string[]): string => join(folder, ...names)
const print = async (...line: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await isopix(folder, line)
  expect(code, stderr).toBe(0)
  return stdout
}

beforeAll(() => writePicture(makeImage(300, 200, 3), at('a.png')))

test('help fits a screen and names every option', async () => {
  const help = await print('--help')
  for (const option of ['--output', '--recursive', '--resume', '--on-error', '--concurrency', '--steps', '--backend', '--threads', '--explain', '--json', '--help', '--version']) expect(help).toContain(option)
  expect(help.split('\n').length).toBeLessThan(40)
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  expect(await print('-h')).toBe(help)
})

test('the version is the package\'s', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(await print('--version')).toBe(`${version}\n`)
})

test('filters has one aligned line for each', async () => {
  const lines = (await print('filters')).split('\n').slice(0, filters.length)
  const column = Math.max(...filters.map(({ name }) => name.length)) + 2
  expect(lines).toEqual(filters.map(({ name, summary }) => name.padEnd(column) + summary))
})

test('filters NAME has parameters, ranges, defaults and examples', async () => {
  const text = await print('filters', 'gaussian-blur')
  expect(text).toMatch(/^ {2}sigma {2,}0\.1 to 100 px {2,}1 {2,}Standard deviation\.$/m)
  expect(text).toMatch(/^ {2}border {2,}replicate, reflect, reflect-101, wrap, constant {2,}replicate /m)
  expect(text).toMatch(/isopix photo\.jpg -o result\.png gaussian-blur:sigma=/)
  expect(text).toMatch(/\{ "filter": "gaussian-blur", "sigma": /)
  expect(text).toMatch(/gaussianBlur\(\{ sigma: /)
})

test('filters for machines have everything that is known', async () => {
  const all = JSON.parse(await print('filters', '--json')) as { name: string; params: Record<string, object> }[]
  expect(all.map(({ name }) => name)).toEqual(filters.map(({ name }) => name))
  const one = JSON.parse(await print('filters', 'gaussian-blur', '--json'))
  expect(one).toEqual(all.find(({ name }) => name === 'gaussian-blur'))
  expect(one).toMatchObject({ params: { sigma: { kind: 'number', min: 0.1, max: 100, default: 1, unit: 'px' }, border: { options: expect.arrayContaining(['wrap']) } } })
})

test('--explain says what would run, where and why, and writes nothing', async () => {
  const text = await print('a.png', '-o', 'none/edges.png', '--explain', 'luminance', 'gaussian-blur:sigma=2', 'threshold:value=40')
  expect(text).toMatch(/^a\.png, 300 x 200 RGB$/m)
  expect(text).toMatch(/^ {2}steps +luminance gaussian-blur:sigma=2 threshold:value=40$/m)
  expect(text).toMatch(/^ {2}result +300 x 200 grey in none\/edges\.png$/m)
  expect(text).toMatch(/^ {2}backend +wasm \(.+\)$/m)
  expect(text).toMatch(/^ {4}wasm +about .+ ms +1 pass +.*luminance.*gaussian_blur_y.*line/m)
  expect(readdirSync(folder)).toEqual(['a.png'])

  const json = JSON.parse(await print('a.png', '--explain', '--json', '--backend', 'reference', 'invert'))
  expect(json).toMatchObject({ input: 'a.png', steps: [{ filter: 'invert' }], backend: 'reference', reason: 'asked for', width: 300, predictions: expect.any(Array) })
})

test('without arguments a sample picture is filtered', async () => {
  const text = await print()
  const files = [...text.matchAll(/^(isopix-sample\/\S+) /gm)].map((match) => match[1] as string)
  expect(files.length).toBeGreaterThan(4)
  expect(text.match(/^ {2}ran on +(wasm|webgpu)/gm)?.length).toBe(files.length - 1)
  expect(text.match(/^ {2}because +\S/gm)?.length).toBe(files.length - 1)
  expect(text.match(/^ {2}took +[\d.]+ m?s/gm)?.length).toBe(files.length - 1)
  for (const file of files) expect(await readPicture(at(file))).toMatchObject({ width: 1920, height: 1280 })
  expect(readdirSync(at('isopix-sample')).length).toBe(files.length)
})

test('without sharp, tinyglobby or a GPU, the error says what to install', async () => {
  const bare = at('bare')
  cpSync(dist, join(bare, 'dist'), { recursive: true })
  copyFileSync(join(root, 'package.json'), join(bare, 'package.json'))
  const main = join(bare, 'dist/cli/main.js')

  const picture = await node(main, ['a.png', '-o', 'b.png', 'invert'], { cwd: folder })
  expect(picture.stderr).toBe('isopix: picture files are read and written by the package "sharp", which is not installed; run: npm install sharp\n')
  expect(picture.code).toBe(1)
  expect(JSON.parse((await node(main, ['a.png', '-o', 'b.png', 'invert', '--json'], { cwd: folder })).stdout)).toMatchObject({ error: { code: 'ERR_UNSUPPORTED' } })
  expect((await node(main, ['filters'], { cwd: folder })).code).toBe(0)

  mkdirSync(join(bare, 'node_modules'))
  symlinkSync(join(root, 'node_modules/sharp'), join(bare, 'node_modules/sharp'))
  expect((await node(main, ['a.png', '-o', 'with-sharp.png', 'invert'], { cwd: folder })).code).toBe(0)
  const search = await node(main, ['*.png', '-o', 'found', 'invert'], { cwd: folder })
  expect(search.stderr).toBe('isopix: folders and patterns are searched by the package "tinyglobby", which is not installed; run: npm install tinyglobby\n')
  expect(search.code).toBe(1)

  const script = join(bare, 'gpu.mjs')
  writeFileSync(script, `import { apply } from './dist/index.js'\nawait apply({ width: 1, height: 1, data: new Uint8Array(4) }, [], { backend: 'webgpu' }).catch(({ code, message }) => console.log(code, message))\n`)
  expect((await node(script, [], { cwd: folder })).stdout).toMatch(/^ERR_UNSUPPORTED .*the package "webgpu" is not installed; run: npm install webgpu\n$/)
  expect(existsSync(at('b.png'))).toBe(false)
})

test.runIf(process.platform === 'linux' && !existsSync('/dev/dri'))('a backend that is asked for and missing fails once, and nothing is done', async () => {
  const { code, stdout, stderr } = await isopix(folder, ['a.png', '-o', 'gpu.png', '--backend', 'webgpu', 'invert'], { env: { VK_ICD_FILENAMES: '/none.json' } })
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('isopix: the backend "webgpu" cannot run here: WebGPU finds no graphics adapter on this machine')
  expect(existsSync(at('gpu.png'))).toBe(false)
})
