import { describe, expect, it } from 'vitest'
import { parseMap, readMapping } from '../../src/importers/mapping.ts'
import { fileOf } from './files.ts'

describe('--map', () => {
  it('names columns, which may hold commas and equals signs', () => {
    expect(parseMap('agent=user, customer=Last, first,time=a=b,fields=shown')).toEqual({
      agent: 'user',
      customer: 'Last, first',
      time: 'a=b',
      fields: 'shown',
    })
  })

  it.each([
    ['agnt=user', '"agnt" is not known (did you mean "agent"?)'],
    ['user', '"user" is not COLUMN=NAME'],
    ['agent=', 'agent names no column'],
    ['agent=a,agent=b', 'agent is given twice'],
    ['agent=a,customer=a,time=t', 'agent and customer are one column'],
    ['agent=a,customer=c,time=c', 'time and another are one column'],
    ['agnt=a,cstomer=c', '"agnt" is not known (did you mean "agent"?); "cstomer"'],
  ])('%s is an error', (text, words) => {
    expect(() => parseMap(text)).toThrow(words)
  })
})

describe('a mapping file', () => {
  it('says columns, times, preset and pattern', async () => {
    const file = fileOf(
      'columns:\n  agent: user\n  customer: account\n  time: ts\ntimeFormat: epoch-ms\n' +
        "timeZone: Europe/Berlin\npreset: ocsf-6005\ncustomerPattern: 'id=(\\d+)'\n",
      'map.yaml',
    )
    expect(await readMapping(file)).toEqual({
      map: { agent: 'user', customer: 'account', time: 'ts' },
      preset: 'ocsf-6005',
      customerPattern: 'id=(\\d+)',
      time: { format: 'epoch-ms', zone: 'Europe/Berlin' },
    })
  })

  it('tells every problem at once', async () => {
    const text =
      'columms:\n  agent: a\ncolumns:\n  agnt: b\n  customer: 7\ntimeZone: [x]\npreset: ocsf\n'
    const file = fileOf(text, 'map.yaml')
    await expect(readMapping(file)).rejects.toThrow(
      `The mapping file ${file} does not work: "columms" is not known (did you mean "columns"?); ` +
        'timeZone is no text; columns: "agnt" is not known (did you mean "agent"?); ' +
        'columns: customer names no column; preset: "ocsf" is not known.',
    )
  })

  it('that is absent, no YAML or empty is an error', async () => {
    await expect(readMapping('none.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(readMapping(fileOf('a: ['))).rejects.toThrow('it is not YAML')
    await expect(readMapping(fileOf(''))).rejects.toThrow('it holds no keys')
  })
})
