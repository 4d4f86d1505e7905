// Files appear whole or not at all.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Draft, discardAll } from '../../src/cli/drafts.js'
import { FileError } from '../../src/errors.js'
import { temporaryFolder } from '../helpers/folder.js'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const drafts = (): number => readdirSync(folder).filter((name) => name.endsWith('.tmp')).length

test('a file is there when it is committed, and not before', async () => {
  writeFileSync(at('a'), 'before')
  const draft = new Draft(at('a'))
  expect(readFileSync(at('a'), 'utf8')).toBe('before')
  expect(drafts()).toBe(1)
  await draft.commit(Buffer.from('after'))
  draft.discard()
  expect(readFileSync(at('a'), 'utf8')).toBe('after')
  expect(drafts()).toBe(0)
})

test('what is discarded leaves nothing, and what was there stays', () => {
  writeFileSync(at('b'), 'before')
  for (const name of ['b', 'c']) new Draft(at(name)).discard()
  expect(readFileSync(at('b'), 'utf8')).toBe('before')
  expect(readdirSync(folder)).not.toContain('c')
  expect(drafts()).toBe(0)
})

test('a commit that fails is one of our errors, and its draft can be discarded', async () => {
  mkdirSync(at('d'))
  const draft = new Draft(at('d'))
  await expect(draft.commit(Buffer.from('x'))).rejects.toThrow(FileError)
  draft.discard()
  expect(drafts()).toBe(0)
})

test('what was discarded cannot come back', async () => {
  const draft = new Draft(at('h'))
  discardAll()
  await expect(draft.commit(Buffer.from('x'))).rejects.toThrow(FileError)
  expect(readdirSync(folder)).not.toContain('h')
  expect(drafts()).toBe(0)
})

test('two drafts of one file do not meet', async () => {
  const drafts = [new Draft(at('e')), new Draft(at('e'))]
  await Promise.all(drafts.map((draft, i) => draft.commit(Buffer.from(`${i}`.repeat(100_000)))))
  expect(['0', '1'].map((digit) => digit.repeat(100_000))).toContain(readFileSync(at('e'), 'utf8'))
})

test('at the end of the process every open draft goes', () => {
  for (let i = 0; i < 3; i++) void new Draft(at(`f${i}`))
  expect(drafts()).toBe(3)
  discardAll()
  expect(drafts()).toBe(0)
})

test('a folder that is missing is said at once', () => {
  expect(() => new Draft(at('none/g'))).toThrow('its folder does not exist')
})
