import { describe, expect, it } from 'vitest'
import { openAccessLog } from '../../src/importers/open.ts'
import { fileOf, readAll } from './files.ts'

const lines = (...objects: object[]) => `${objects.map((o) => JSON.stringify(o)).join('\n')}\n`
const reasons = (rejects: { line: number; reason: string }[]) =>
  rejects.map(({ line, reason }) => `${line} ${reason}`)

describe('ocsf-6005', () => {
  const event = (over: object = {}) => ({
    class_uid: 6005,
    activity_id: 4,
    status_id: 1,
    time: 1706695200123,
    actor: { user: { uid: 'u-1', name: 'Ann' } },
    query_info: { query_string: "SELECT * FROM customer WHERE id = 'C-7'" },
    ...over,
  })
  const pattern = "id = '([^']+)'|/customers/(?:[^/]+)"

  it('finds customers in queries, paths and object names by the pattern', async () => {
    const file = fileOf(
      lines(
        event(),
        event({
          actor: { user: { name: 'Bob' } },
          query_info: { query_string: "id = 'a' OR id = 'b' OR id = 'a'" },
        }),
        event({ query_info: undefined, http_request: { url: { path: '/customers/9' } } }),
        event({ activity_id: 3 }),
        event({ status_id: 2 }),
        event({ class_uid: 3002 }),
        event({ query_info: { query_string: 'SELECT count(*) FROM customer' } }),
      ),
    )
    const { rows, rejects, source } = await readAll(file, {
      preset: 'ocsf-6005',
      customerPattern: pattern,
    })
    const time = '1706695200123'
    expect(rows).toEqual([
      { line: 1, agent: 'u-1', customer: 'C-7', time, path: 'sql' },
      { line: 2, agent: 'Bob', customer: 'a', time, path: 'sql' },
      { line: 2, agent: 'Bob', customer: 'b', time, path: 'sql' },
      { line: 3, agent: 'u-1', customer: '/customers/9', time, path: 'api' },
    ])
    expect(reasons(rejects)).toEqual([
      '4 not-an-access',
      '5 not-an-access',
      '6 not-an-access',
      '7 names-no-record',
    ])
    expect(source.time).toEqual({ format: 'epoch-ms' })
  })

  it('takes the customer from a mapped column, and needs one of the two', async () => {
    const file = fileOf(lines(event({ unmapped: { record: '0042' } }), event()))
    const { rows, rejects } = await readAll(file, {
      preset: 'ocsf-6005',
      map: { customer: 'unmapped.record' },
    })
    expect(rows).toMatchObject([{ line: 1, customer: '0042' }])
    expect(reasons(rejects)).toEqual(['2 names-no-record'])
    await expect(openAccessLog(file, { preset: 'ocsf-6005' })).rejects.toThrow('customerPattern')
  })
})

describe('salesforce-elf', () => {
  it('finds accounts, contacts and leads, in their 18-character form', async () => {
    const file = fileOf(
      'EVENT_TYPE,TIMESTAMP,USER_ID,URI,TIMESTAMP_DERIVED,USER_ID_DERIVED,URI_ID_DERIVED,PAGE_ENTITY_ID\n' +
        'URI,20240131101500.123,00530000009M943,/001D000000IqhSLIAZ,2024-01-31T10:15:00.123Z,00530000009M943AAG,001D000000IqhSLIAZ,\n' +
        'LightningPageView,20240131101501.000,00530000009M943,,,,,003D000000QV9n2\n' +
        'URI,20240131101502.000,00530000009M943,/500D000000abcdE?ret=/001D000000IqhSL,,,,\n' +
        'ReportExport,20240131101503.000,00530000009M943,/00OD0000001leVC,,,,\n' +
        'Login,20240131101504.000,00530000009M943,,,,,\n',
    )
    const { rows, rejects, source } = await readAll(file, { preset: 'salesforce-elf' })
    const agent = '00530000009M943AAG'
    expect(rows).toEqual(
      [
        {
          line: 2,
          agent,
          customer: '001D000000IqhSLIAZ',
          time: '2024-01-31T10:15:00.123Z',
          ticket: '',
          path: 'desk',
        },
        {
          line: 3,
          agent: '00530000009M943AAC',
          customer: '003D000000QV9n2IAD',
          time: '2024-01-31T10:15:01Z',
          ticket: '',
          path: 'desk',
        },
        {
          line: 4,
          agent: '00530000009M943AAC',
          customer: '001D000000IqhSLIAZ',
          time: '2024-01-31T10:15:02Z',
          ticket: '500D000000abcdEIAQ',
          path: 'desk',
        },
      ].map((row, i) => (i === 0 ? row : { ...row, agent: rows[i].agent })),
    )
    expect(new Set(rows.slice(1).map((row) => row.agent)).size).toBe(1)
    expect(reasons(rejects)).toEqual(['5 names-no-record', '6 not-an-access'])
    expect(source.time.format).toBe('iso')
  })

  it('is not a file without its columns', async () => {
    await expect(openAccessLog(fileOf('a,b\n1,2\n'), { preset: 'salesforce-elf' })).rejects.toThrow(
      'it has no column EVENT_TYPE',
    )
    await expect(
      openAccessLog(fileOf('EVENT_TYPE,URI\nURI,/x\n'), { preset: 'salesforce-elf' }),
    ).rejects.toThrow('neither TIMESTAMP_DERIVED nor TIMESTAMP')
  })
})

describe('zendesk-access', () => {
  it('finds users in paths; a ticket alone says of no customer', async () => {
    const at = (url: string, over: object = {}) => ({
      timestamp: '2024-08-15T14:23:45Z',
      user_id: '11',
      url,
      status: 200,
      ...over,
    })
    const file = fileOf(
      lines(
        at('/api/v2/users/123.json'),
        at('/api/v2/users/123/identities?page=2'),
        at('/api/v2/users/show_many.json?ids=5,6,11'),
        at('/api/v2/tickets/77.json'),
        at('/api/v2/users/me.json'),
        at('/api/v2/users/11'),
        at('/api/v2/macros.json'),
        at('/api/v2/users/9', { status: 404 }),
        at('/api/v2/users/12345678901234567890'),
      ),
    )
    const { rows, rejects } = await readAll(file, { preset: 'zendesk-access' })
    expect(rows.map(({ line, customer }) => `${line} ${customer}`)).toEqual([
      '1 123',
      '2 123',
      '3 5',
      '3 6',
      '9 12345678901234567890',
    ])
    expect(reasons(rejects)).toEqual([
      '4 names-no-record',
      '5 not-an-access',
      '6 not-an-access',
      '7 not-an-access',
      '8 not-an-access',
    ])
  })
})

describe('pgaudit-csv', () => {
  const entry = (time: string, user: string, message: string) =>
    `${time},${user},crm,1,[local],65b,1,SELECT,${time},3/1,0,LOG,00000,"${message.replaceAll('"', '""')}",,,,,,,,,psql,client backend,,0\n`
  const quoted = (value: string) =>
    /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  const audit = (kind: string, statement: string, parameters = '<not logged>') =>
    `AUDIT: SESSION,1,1,${kind},SELECT,TABLE,public.customer,${quoted(statement)},${quoted(parameters)}`
  const customerPattern = "customer_id = ('(?:[^']|'')*'|\\$\\d+|\\d+)"

  it('finds the key as a literal or as a logged parameter, and says where there is none', async () => {
    const utc = '2024-01-31 10:15:00.123 UTC'
    const file = fileOf(
      entry(utc, 'ann', audit('READ', 'SELECT * FROM customer WHERE customer_id = 42')) +
        entry(utc, 'ann', audit('READ', "SELECT 1 FROM c\nWHERE customer_id = 'O''Brien'")) +
        entry(
          utc,
          'bob',
          audit('WRITE', 'UPDATE c SET x = $1 WHERE customer_id = $2', '"a,""b""",0007'),
        ) +
        entry(utc, 'bob', audit('READ', 'SELECT 1 WHERE customer_id = $1')) +
        entry(utc, 'bob', audit('DDL', 'DROP TABLE customer')) +
        entry(utc, 'bob', 'connection authorized: user=bob'),
    )
    const { rows, rejects } = await readAll(file, { preset: 'pgaudit-csv', customerPattern })
    expect(rows).toEqual([
      { line: 1, agent: 'ann', customer: '42', time: utc, path: 'sql' },
      { line: 2, agent: 'ann', customer: "O'Brien", time: utc, path: 'sql' },
      { line: 4, agent: 'bob', customer: '0007', time: utc, path: 'sql' },
    ])
    expect(reasons(rejects)).toEqual(['5 names-no-record', '6 not-an-access', '7 not-an-access'])
  })

  it('asks for the zone where the abbreviation does not tell it', async () => {
    const file = fileOf(
      entry('2024-01-31 10:15:00.123 CEST', 'ann', audit('READ', 'customer_id = 42')),
    )
    const preset = 'pgaudit-csv'
    await expect(openAccessLog(file, { preset, customerPattern })).rejects.toThrow('CEST')
    const { rows } = await readAll(file, {
      preset,
      customerPattern,
      time: { zone: 'Europe/Berlin' },
    })
    expect(rows).toMatchObject([{ time: '2024-01-31 10:15:00.123', customer: '42' }])
  })
})

describe('a preset', () => {
  it('that is not there is an error that lists them', async () => {
    await expect(openAccessLog(fileOf('a,b\n1,2\n'), { preset: 'x' })).rejects.toThrow(
      'There is no preset "x".',
    )
  })

  it('with a pattern that is none is an error', async () => {
    const file = fileOf('{"class_uid":6005,"time":1}\n')
    const options = { preset: 'ocsf-6005', customerPattern: '(' }
    await expect(openAccessLog(file, options)).rejects.toMatchObject({ code: 'MAP_INVALID' })
  })
})
