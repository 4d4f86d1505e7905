import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** Without a graphics card, Dawn runs on SwiftShader, which Debian's chromium brings along. */
export function useSoftwareGpu(): void {
  if (process.env['VK_ICD_FILENAMES'] === undefined && !existsSync('/dev/dri') && existsSync(SWIFTSHADER)) {
    process.env['VK_ICD_FILENAMES'] = SWIFTSHADER
  }
  // Vulkan drivers complain on stderr where this is unset, as on servers.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
}
