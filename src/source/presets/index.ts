/** The products that Telltale knows, each checked against its real schema: docs/source.md. */
import type { Mapping } from '../model.ts'
import { CHATWOOT } from './chatwoot.ts'
import { TELLTALE } from './telltale.ts'
import { ZAMMAD } from './zammad.ts'

/** By name. */
export const PRESETS: Readonly<Record<string, Mapping>> = {
  telltale: TELLTALE,
  chatwoot: CHATWOOT,
  zammad: ZAMMAD,
}
