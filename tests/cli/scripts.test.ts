// npm start and npm test: what the README says to type.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isBuilt, isInstalled, root } from '../../scripts/setup.mjs'
import { node } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { readPicture, writePicture } from '../helpers/pictures.js'

const folder = temporaryFolder()
const start = join(root, 'scripts/start.mjs')

test('npm start is the command line, in the folder where it was typed', async () => {
  // Otherwise it would now install and build, which is not for a test.
  expect(isInstalled() && isBuilt()).toBe(true)
  await writePicture(makeImage(40, 30, 3), join(folder, 'a.png'))
  const good = await node(start, ['a.png', '-o', 'b.png', 'luminance'], { cwd: root, env: { INIT_CWD: folder } })
  expect(good.stderr).toBe('')
  expect(good.code).toBe(0)
  expect(await readPicture(join(folder, 'b.png'))).toMatchObject({ width: 40, height: 30, channels: 1 })

  const wrong = await node(start, ['a.png', '-o', 'b.png', 'luminanz'], { cwd: root, env: { INIT_CWD: folder } })
  expect(wrong.stderr).toContain('did you mean "luminance"?')
  expect(wrong.code).toBe(2)
})

test('npm test passes arguments on and ends with one line that counts', async () => {
  const { code, stdout } = await node(join(root, 'scripts/test.mjs'), ['tests/unit/arguments.test.ts', '-t', 'commands'], { cwd: folder })
  expect(code).toBe(0)
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^1 passed, 0 failed, \d+ skipped$/)
})

test('npm test fails where nothing was tested', async () => {
  const { code } = await node(join(root, 'scripts/test.mjs'), ['tests/unit/no-such-file.test.ts'], { cwd: folder })
  expect(code).not.toBe(0)
})
