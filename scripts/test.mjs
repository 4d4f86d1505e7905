// npm test [-- arguments of vitest]: installs and builds what is missing, then runs every test.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { build, install, root } from './setup.mjs'

/** A Vulkan driver in software, which Debian's chromium brings along. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

process.chdir(root)
install()
provideGpu()
build()
// From here on this process is vitest, so that whoever ends it ends the tests.
process.argv.splice(2, 0, 'run', '--reporter=default', '--reporter=./tests/helpers/count-reporter.ts')
await import(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

/** Without a graphics card WebGPU runs in software: installs what that needs where it can, or says what it is. */
function provideGpu() {
  if (process.platform !== 'linux' || existsSync('/dev/dri') || process.env.VK_ICD_FILENAMES !== undefined) return
  const missing = missingPackages()
  if (missing.length === 0) return
  if (process.getuid() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error(`isopix: no graphics card here; installing ${missing.join(' and ')} for one in software…`)
    aptGet('update', '-qq')
    aptGet('install', '-qq', '--yes', '--no-install-recommends', ...missing)
  }
  if (missingPackages().length === 0) return
  console.error(
    `isopix: no graphics card here, so WebGPU ${process.env.CI ? 'is missing' : 'is not tested'}. For one in software, on Debian: ` +
      `apt-get install ${missingPackages().join(' ')}; elsewhere: SwiftShader or Lavapipe, its JSON file in VK_ICD_FILENAMES.`,
  )
}

function missingPackages() {
  const loader = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? ''
  return [...(existsSync(SWIFTSHADER) ? [] : ['chromium']), ...(loader.includes('libvulkan.so.1') ? [] : ['libvulkan1'])]
}

function aptGet(...args) {
  spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
