import { describe, expect, it } from 'vitest'
import { readStaff } from '../../src/importers/staff.ts'
import { fileOf } from './files.ts'

describe('a staff file', () => {
  it('gives one member an agent, and lists what it cannot use', async () => {
    const file = fileOf(
      'Agent,Team,Role,Kind\nann,billing,lead,person\nbot,,,Service\n,x,,\nann,y,,\nzed,,,robot\n007,,,\n',
    )
    expect(await readStaff(file)).toEqual({
      staff: [
        { agent: 'ann', team: 'billing', role: 'lead', kind: 'person' },
        { agent: 'bot', team: null, role: null, kind: 'service' },
        { agent: '007', team: null, role: null, kind: null },
      ],
      unusable: [
        { line: 4, reason: 'no agent is named', text: 'agent= team=x role= kind=' },
        { line: 5, reason: 'this agent has a row already', text: 'agent=ann team=y role= kind=' },
        {
          line: 6,
          reason: '"robot" is neither person nor service',
          text: 'agent=zed team= role= kind=robot',
        },
      ],
      assumed: [],
    })
  })

  it('may have the agents alone, in one column beside any other', async () => {
    const { staff } = await readStaff(fileOf('employee_id,since\nann,2020\n'))
    expect(staff).toEqual([{ agent: 'ann', team: null, role: null, kind: null }])
  })
})
