// The README's programs for batches and servers do what they should, word for word.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { apply } from '../../src/engine.js'
import type { Step } from '../../src/filters/define.js'
import { gaussianBlur, luminance, resize, sepia, sobel, unsharpMask } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { type Run, dist, node } from '../helpers/command.js'
import { difference } from '../helpers/compare.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { decode, encode } from '../helpers/server.js'

const folder = temporaryFolder()
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The blocks of a language in a section of the README. */
function blocks(section: string, language: string): string[] {
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) as string
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] as string)
}

/** Runs a program in the folder, by the shell that stops at what fails. */
async function shell(text: string): Promise<Pick<Run, 'code' | 'stdout' | 'stderr'>> {
  const child = spawn('sh', ['-euc', text], { cwd: folder })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (bytes) => (stdout += bytes))
  child.stderr.on('data', (bytes) => (stderr += bytes))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** What steps make of a picture file, as a file of the same format. */
async function expectedOf(file: string, steps: readonly Step[], format: 'jpeg' | 'png'): Promise<Image> {
  return decode(await encode(await apply(await decode(readFileSync(join(folder, file))), steps), format))
}

beforeAll(async () => {
  // As if the packages were installed there.
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules/isopix'))
  symlinkSync(join(root, 'node_modules/sharp'), join(folder, 'node_modules/sharp'))
  const command = `#!/bin/sh\nexec "${process.execPath}" "${join(dist, 'cli/main.js')}" "$@"\n`
  writeFileSync(join(folder, 'node_modules/.bin/isopix'), command, { mode: 0o755 })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  mkdirSync(join(folder, 'photos'))
  for (const [index, name] of ['a.jpg', 'b.jpg', 'c.jpg'].entries()) {
    writeFileSync(join(folder, 'photos', name), await encode(makeImage(120 + index, 90, 3, 'gradient', index), 'jpeg'))
  }
  writeFileSync(join(folder, 'photos/bad.jpg'), 'no picture')
  writeFileSync(join(folder, 'photo.jpg'), readFileSync(join(folder, 'photos/a.jpg')))
})

describe('many images', () => {
  const steps = [resize({ width: 800, height: 600 }), unsharpMask({ sigma: 1 })]
  const expectAll = async (): Promise<void> => {
    expect(readdirSync(join(folder, 'small')).filter((name) => name.endsWith('.jpg'))).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
      const actual = await decode(readFileSync(join(folder, 'small', name)))
      expect(difference(actual, await expectedOf(`photos/${name}`, steps, 'jpeg'))).toBeUndefined()
    }
  }

  test('by map', async () => {
    const [program, ...others] = blocks('Many images', 'js')
    expect(others).toEqual([])
    writeFileSync(join(folder, 'many.js'), program as string)
    mkdirSync(join(folder, 'small'))
    const { code, stderr } = await node('many.js', [], { cwd: folder })
    expect(code, stderr).toBe(0)
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^bad\.jpg: .*unsupported image format/)])
    await expectAll()
  })

  test('by the command line', async () => {
    const [command, ...others] = blocks('Many images', 'sh')
    expect(others).toEqual([])
    rmSync(join(folder, 'small'), { recursive: true })
    for (const doneBefore of [0, 3]) {
      const { code, stdout, stderr } = await shell(command as string)
      expect(code, 'one of the files is bad').toBe(1)
      expect(stderr).toContain('bad.jpg')
      if (doneBefore > 0) expect(stdout + stderr).toMatch(/3 .*(before|already|unchanged)/)
      await expectAll()
    }
  })
})

test('a server', async () => {
  const [program, ...others] = blocks('A server', 'sh')
  expect(others).toEqual([])
  const server = spawn(process.execPath, [join(dist, 'cli/main.js'), 'serve', '--port', '0', '--json'], { cwd: folder })
  try {
    const [started] = (await once(server.stdout, 'data')) as [Buffer]
    const { url } = JSON.parse(String(started)) as { url: string }
    // The usual port may be somebody else's.
    expect(program).toContain('api=http://127.0.0.1:8080\n')
    const { code, stdout, stderr } = await shell((program as string).replace('http://127.0.0.1:8080', url))
    expect(code, stderr).toBe(0)
    const edges = [luminance(), gaussianBlur({ sigma: 2 }), sobel()]
    expect(difference(await decode(readFileSync(join(folder, 'edges.png'))), await expectedOf('photo.jpg', edges, 'png'))).toBeUndefined()
    const small = [resize({ width: 800, height: 600 }), sepia()]
    expect(difference(await decode(readFileSync(join(folder, 'small.jpg'))), await expectedOf('photo.jpg', small, 'jpeg'))).toBeUndefined()
    for (const answer of ['"name":"gaussian-blur"', '"openapi":"3.1', '# HELP isopix_pixels_total']) expect(stdout).toContain(answer)
  } finally {
    server.kill('SIGKILL')
  }
})

