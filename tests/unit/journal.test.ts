// What was done before is known, and nothing else is taken for it.
import { appendFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { Journal, type Stamp, recipeOf, stampOf } from '../../src/cli/journal.js'
import { gaussianBlur, invert, lut } from '../../src/index.js'
import { temporaryFolder } from '../helpers/folder.js'

const base = temporaryFolder()
const FILE = '.isopix.jsonl'
let folder: string
let count = 0
const at = (...names: readonly string[]): string => join(folder, ...names)
const target = (name: string) => ({ input: at('in', name), output: at('out', name) })
const open = (recipe = 'r'): Promise<Journal> => Journal.open(at('out'), recipe)
const lines = (): string[] => readFileSync(at('out', FILE), 'utf8').split('\n').slice(0, -1)

beforeEach(async () => {
  folder = join(base, String(count++))
  for (const name of ['in', 'out']) mkdirSync(at(name), { recursive: true })
  const journal = await open()
  for (const name of ['a.png', 'b.png']) {
    writeFileSync(at('in', name), `input ${name}`)
    writeFileSync(at('out', name), `output ${name}`)
    journal.add(target(name), stampOf(at('in', name)) as Stamp)
  }
})

test('what was added is there for the next run', async () => {
  const journal = await open()
  expect(journal.has(target('a.png'))).toBe(true)
  expect(journal.has(target('b.png'))).toBe(true)
  expect(journal.has(target('c.png'))).toBe(false)
})

test.each<[string, () => unknown]>([
  ['the input has another size', () => appendFileSync(at('in/a.png'), '!')],
  ['the input was changed at another time', () => utimesSync(at('in/a.png'), 1, 1)],
  ['the input is gone', () => rmSync(at('in/a.png'))],
  ['the result is gone', () => rmSync(at('out/a.png'))],
  ['the result was cut off', () => truncateSync(at('out/a.png'), 3)],
])('not where %s', async (_, change) => {
  change()
  const journal = await open()
  expect(journal.has(target('a.png'))).toBe(false)
  expect(journal.has(target('b.png'))).toBe(true)
})

test('not by another recipe, nor of another input', async () => {
  expect((await open('other')).has(target('a.png'))).toBe(false)
  expect((await open()).has({ ...target('a.png'), input: at('in/b.png') })).toBe(false)
})

test('the recipe follows from steps, their values and versions', () => {
  const recipes = [
    recipeOf([invert()], '1'),
    recipeOf([invert()], '2'),
    recipeOf([invert(), invert()], '1'),
    recipeOf([gaussianBlur({ sigma: 2 })], '1'),
    recipeOf([gaussianBlur({ sigma: 2.5 })], '1'),
    recipeOf([lut({ table: new Array(256).fill(1) })], '1'),
    recipeOf([lut({ table: new Array(256).fill(2) })], '1'),
  ]
  expect(new Set(recipes).size).toBe(recipes.length)
  expect(recipeOf([gaussianBlur({ sigma: 2 })], '1')).toBe(recipes[3])
})

test('a journal moves with its folders', async () => {
  const moved = join(base, `${count++}-moved`)
  renameSync(folder, moved)
  folder = moved
  expect((await open()).has(target('a.png'))).toBe(true)
})

test.each<[string, string | Buffer]>([
  ['nothing', ''],
  ['other JSON', 'null\n3\n[]\n"x"\n{}\n{"output":"a.png"}\n{"__proto__":{"output":"a.png"}}\n'],
  ['no JSON', 'not a journal\n\n{{{\n'],
  ['no text', Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 89) % 256))],
])('a journal that is %s counts as empty, and goes on from there', async (_, content) => {
  writeFileSync(at('out', FILE), content)
  expect((await open()).has(target('a.png'))).toBe(false)
  ;(await open()).add(target('a.png'), stampOf(at('in/a.png')) as Stamp)
  expect((await open()).has(target('a.png'))).toBe(true)
})

test('of a journal whose end is missing the rest counts, and the next line is whole', async () => {
  const path = at('out', FILE)
  truncateSync(path, statSync(path).size - 30)
  const journal = await open()
  expect(journal.has(target('a.png'))).toBe(true)
  expect(journal.has(target('b.png'))).toBe(false)
  journal.add(target('b.png'), stampOf(at('in/b.png')) as Stamp)
  expect((await open()).has(target('a.png'))).toBe(true)
  expect((await open()).has(target('b.png'))).toBe(true)
})

test('a journal does not grow with every run', async () => {
  for (let run = 0; run < 20; run++) {
    const journal = await open(`${run}`)
    for (const name of ['a.png', 'b.png']) journal.add(target(name), stampOf(at('in', name)) as Stamp)
    expect(lines().length).toBeLessThanOrEqual(6)
  }
  expect((await open('19')).has(target('a.png'))).toBe(true)
  expect(readdirSync(at('out')).sort()).toEqual([FILE, 'a.png', 'b.png'])
})

test('a folder that is not there yet has an empty journal', async () => {
  expect((await Journal.open(at('none'), 'r')).has(target('a.png'))).toBe(false)
})

test('something else in its place is said', async () => {
  rmSync(at('out', FILE))
  mkdirSync(at('out', FILE))
  await expect(open()).rejects.toMatchObject({ code: 'ERR_FILE', message: expect.stringContaining(`${FILE}: what was done cannot be noted here`) })
})
