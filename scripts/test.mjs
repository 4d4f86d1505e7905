// npm test [-- arguments of vitest]: installs and builds what is missing, then runs every test.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { build, install, root } from './setup.mjs'

const LIBRARIES = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`

/** Debian's packages that tests need, and a file by which each is found. */
const PACKAGES = [
  // A browser, and the Vulkan driver in software that it brings along: WebGPU where there is no graphics card.
  ['chromium', '/usr/lib/chromium/vk_swiftshader_icd.json'],
  ['libvulkan1', `${LIBRARIES}/libvulkan.so.1`],
  // Another driver in software, which Firefox takes.
  ['mesa-vulkan-drivers', `${LIBRARIES}/libvulkan_lvp.so`],
  ['firefox-esr', '/usr/bin/firefox-esr'],
  // WebKit with its driver, and a display for it that nobody sees.
  ['webkit2gtk-driver', '/usr/bin/WebKitWebDriver'],
  ['xvfb', '/usr/bin/xvfb-run'],
  ['xauth', '/usr/bin/xauth'],
  // The checker of the workers' protocol, and the compiler that it needs.
  ['spin', '/usr/bin/spin'],
  ['gcc', '/usr/bin/gcc'],
  // What the benchmark compares with.
  ['python3-opencv', '/usr/share/doc/python3-opencv'],
  // The client of the README's section on the server.
  ['curl', '/usr/bin/curl'],
]

process.chdir(root)
install()
providePackages()
build()
// From here on this process is vitest, so that whoever ends it ends the tests.
process.argv.splice(2, 0, 'run', '--reporter=default', '--reporter=./tests/helpers/count-reporter.ts')
await import(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

/** Installs Debian's packages where it may, or says which are missing. */
function providePackages() {
  if (process.platform !== 'linux' || missingPackages().length === 0) return
  if (process.getuid() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error(`isopix: installing ${missingPackages().join(', ')} for the tests…`)
    aptGet('update', '-qq')
    // One by one: where a system has another name for one of them, the others are installed all the same.
    for (const name of missingPackages()) aptGet('install', '-qq', '--yes', '--no-install-recommends', name)
  }
  const missing = missingPackages()
  if (missing.length === 0) return
  console.error(
    `isopix: not found: ${missing.join(', ')}. What needs them ${process.env.CI ? 'fails' : 'is left out, with the reason'}. ` +
      `On Debian: apt-get install ${missing.join(' ')}. Elsewhere: Chromium (its path in PUPPETEER_EXECUTABLE_PATH), Firefox, and where ` +
      'there is no graphics card SwiftShader or Lavapipe (its JSON file in VK_ICD_FILENAMES).',
  )
}

function missingPackages() {
  return PACKAGES.filter(([, file]) => !existsSync(file)).map(([name]) => name)
}

function aptGet(...args) {
  spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
