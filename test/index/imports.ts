/** Imports files into fresh tables and reads the tables back, for tests. */
import { onTestFinished } from 'vitest'
import type { ImportSummary, Reject } from '../../src/disclosure/source.ts'
import { type AccessLogOptions, openAccessLog } from '../../src/importers/open.ts'
import {
  type BuilderOptions,
  createIndexBuilder,
  type TableBuilder,
} from '../../src/index/builder.ts'

/** The import's clock in tests: 2024-06-01 12:00 UTC. */
export const NOW_S = Date.UTC(2024, 5, 1, 12) / 1000

export async function builderOf(options: Partial<BuilderOptions> = {}): Promise<TableBuilder> {
  const builder = await createIndexBuilder({ strict: false, nowS: NOW_S, threads: 2, ...options })
  onTestFinished(() => builder.close())
  return builder
}

export interface Imported {
  readonly builder: TableBuilder
  readonly summary: ImportSummary
  readonly told: Reject[]
}

export async function importFile(
  file: string,
  options: AccessLogOptions = {},
  builder?: TableBuilder,
): Promise<Imported> {
  const into = builder ?? (await builderOf())
  const told: Reject[] = []
  const summary = await into.add(await openAccessLog(file, options), (reject) => told.push(reject))
  return { builder: into, summary, told }
}

/** Disclosures by name, in order of time: what an import amounts to. */
export async function disclosuresOf({ connection }: TableBuilder) {
  const reader = await connection.runAndReadAll(`
    SELECT a.name AS agent, c.key AS customer, d."at", d.fields, d.ticket, d.grounded, d.queue, d.path
    FROM disclosure d JOIN agent a ON a.id = d.agent JOIN customer c ON c.id = d.customer
    ORDER BY d."at", agent, customer, d.fields, d.ticket, d.queue`)
  return reader.getRowObjects()
}

export async function rowsOf({ connection }: TableBuilder, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson()
}

/** reason -> count. */
export function reasonsOf(summary: ImportSummary): Record<string, number> {
  return Object.fromEntries(summary.rejects.map(({ reason, count }) => [reason, count]))
}
