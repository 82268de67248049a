import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importFile, reasonsOf, rowsOf } from './imports.ts'

const data = join(import.meta.dirname, '../../../shared/data')

const LOGS = [
  {
    file: 'uci_incident/incident_event_log.csv.gz',
    map: { agent: 'assigned_to', customer: 'caller_id', time: 'sys_updated_at' },
    rows: 141_712,
    agents: 233,
    customers: 5181,
    times: 'times are read as %d/%m/%Y %H:%M',
    assumed: 'the header has "category" again; it is called "category_2"',
  },
  {
    file: 'helpdesk/helpdesk.csv.gz',
    map: undefined,
    rows: 21_348,
    agents: 22,
    customers: 397,
    times: 'times are read as %Y/%m/%d %H:%M:%S',
    assumed: 'the header has "Variant" again; it is called "Variant_2"',
  },
  {
    file: 'bpic2013/bpic2013_incidents.csv.gz',
    map: { agent: 'org:resource', customer: 'case:concept:name', time: 'time:timestamp' },
    rows: 65_533,
    // One of the 1,440 names in the file is "-", which says that there is none.
    agents: 1439,
    customers: 7554,
    times: 'times are read as ISO 8601',
    assumed: '',
  },
]

describe.skipIf(!existsSync(data))('real logs (skipped where ../shared/data is absent)', () => {
  it.each(LOGS)(
    '$file is read whole',
    async ({ file, map, rows, agents, customers, times, assumed }) => {
      const { builder, summary } = await importFile(join(data, file), map ? { map } : {})
      const counts = await rowsOf(
        builder,
        'SELECT (SELECT count(*)::INT FROM agent) AS agents, (SELECT count(*)::INT FROM customer) AS customers',
      )
      expect(counts).toEqual([{ agents, customers }])
      expect(summary.rowsRead).toBe(rows)
      const rejected = Object.values(reasonsOf(summary)).reduce((sum, n) => sum + n, 0)
      expect(summary.rowsAdded + summary.rowsDuplicate + rejected).toBe(rows)
      expect(Object.keys(reasonsOf(summary)).filter((reason) => !reason.startsWith('no-'))).toEqual(
        [],
      )
      expect(summary.assumed).toContain(times)
      if (assumed !== '') expect(summary.assumed).toContain(assumed)
    },
  )
})
