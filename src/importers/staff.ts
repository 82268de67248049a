/** The staff file: `agent[,team][,role][,kind]`. */
import type { StaffFile, StaffMember, UnusableReport } from '../disclosure/reports.ts'
import { readSmallFile } from './small-file.ts'

const COLUMNS = {
  agent: ['agent', 'agent_id', 'employee', 'employee_id', 'user', 'user_id', 'username'],
  team: ['team', 'group', 'department'],
  role: ['role', 'job_title', 'title'],
  kind: ['kind', 'type'],
} as const

/** One row an agent; a row without a name, a second row of the same agent, or a kind other than
 * `person` and `service` is listed as unusable. */
export async function readStaff(file: string): Promise<StaffFile> {
  const { rows, unusable, assumed } = await readSmallFile(file, COLUMNS, ['agent'])
  const staff = new Map<string, StaffMember>()
  const refused: UnusableReport[] = [...unusable]
  for (const { line, value, text } of rows) {
    const agent = value('agent')
    const kind = value('kind').toLowerCase()
    const reason =
      agent === ''
        ? 'no agent is named'
        : staff.has(agent)
          ? 'this agent has a row already'
          : kind !== '' && kind !== 'person' && kind !== 'service'
            ? `"${value('kind')}" is neither person nor service`
            : null
    if (reason !== null) refused.push({ line, reason, text })
    else {
      staff.set(agent, {
        agent,
        team: value('team') || null,
        role: value('role') || null,
        kind: kind || null,
      })
    }
  }
  refused.sort((a, b) => a.line - b.line)
  return { staff: [...staff.values()], unusable: refused, assumed }
}
