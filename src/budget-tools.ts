/** The wiring of `telltale budgets`. */
import type { BudgetTools, CountedPeaks, PeakSources } from './cli/budgets-ports.ts'
import type { ImportSummary } from './disclosure/source.ts'
import { readSourceMap } from './source/mapping.ts'
import type { Mapping } from './source/model.ts'
import { PRESETS } from './source/presets/index.ts'
import { budgetSettings } from './store/budget-settings.ts'
import { openDatabase } from './store/database.ts'

/** Opens the budgets of a desk. */
export async function openBudgets(url: string): ReturnType<BudgetTools['openStore']> {
  const { db, close } = await openDatabase({ url, connectionsMax: 2 })
  return { ...budgetSettings(db), close }
}

/** Counts what was disclosed. */
export async function countPeaks(
  { accesses, log, config }: PeakSources,
  onRows: (rows: number) => void,
): Promise<CountedPeaks> {
  const mappings = config === undefined ? Object.values(PRESETS) : [await readSourceMap(config)]
  const reference = referenceFields(mappings)
  // The engine takes a third of a second to load, and `show` needs none.
  const { createIndexBuilder } = await import('./index/builder.ts')
  const { peaksOf } = await import('./index/budgets.ts')
  const builder = await createIndexBuilder({ strict: false, nowS: Math.floor(Date.now() / 1000) })
  try {
    const imports: ImportSummary[] = []
    for (const source of accesses) imports.push(await builder.add(source, () => {}, onRows))
    if (log !== null) imports.push(await builder.addLog(log, () => {}, onRows))
    return { peaks: await peaksOf(builder.connection, reference), imports }
  } finally {
    builder.close()
  }
}

/** Names of fields, in lower case, that are references wherever a mapping has them: being shown them
 * does not count. */
function referenceFields(mappings: readonly Mapping[]): ReadonlySet<string> {
  const fields = mappings.flatMap(({ customers }) => Object.entries(customers.fields))
  const named = (isReference: boolean) =>
    fields
      .filter(([, field]) => (field.class === 'reference') === isReference)
      .map(([name]) => name.toLowerCase())
  const others = new Set(named(false))
  return new Set(named(true).filter((name) => !others.has(name)))
}
