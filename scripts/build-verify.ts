// Builds dist/verify.js, the one file that auditors run.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundleVerify } from './bundle-verify.ts'

const file = join(dirname(import.meta.dirname), 'dist', 'verify.js')
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, await bundleVerify())
chmodSync(file, 0o755)
