// Without a graphics card, Dawn runs on SwiftShader, which Debian's chromium brings along.
import { existsSync } from 'node:fs'

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (process.env['VK_ICD_FILENAMES'] === undefined && !existsSync('/dev/dri') && existsSync(SWIFTSHADER)) {
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER
}
