import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { evaluate, hasQuorum, requireQuorum } from '../../src/tlog/quorum.ts'
import { formatVkey, KEY_TYPE, keyId, type SigningKey, signingKey } from '../../src/tlog/vkey.ts'
import { codeOf, KEYS, keyOf, ORIGIN, signedNote, TIME_S } from './notes.ts'

const LOG = formatVkey(KEYS.log)
const keys = Object.fromEntries(
  ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map((name) => [name, keyOf(`${name}.example`)]),
)
const vkey = (name: string) => formatVkey(keys[name])
const witness = (name: string) => `witness ${name} ${vkey(name)}\n`

// The example of C2SP tlog-policy, with keys.
const EXAMPLE = `log ${LOG}

${witness('X1')}${witness('X2')}${witness('X3')}group X-witnesses 2 X1 X2 X3

${witness('Y1')}${witness('Y2')}${witness('Y3')}group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

const outcome = (policy: string, signers: readonly SigningKey[]) =>
  evaluate(parsePolicy(policy), parseNote(signedNote(5, signers)))

describe('policies', () => {
  it('are read as the specification shows them', () => {
    const policy = parsePolicy(EXAMPLE)
    expect(policy.logs.map(({ name }) => name)).toEqual([ORIGIN])
    expect(policy.witnesses.map(({ label }) => label)).toEqual(Object.keys(keys))
    expect(policy.groups.map(({ threshold }) => threshold)).toEqual([2, 1, 2])
    expect(policy.quorum).toBe(policy.groups[2])
  })

  it('may have comments, white space, URLs and names of any octets', () => {
    const text = Buffer.concat([
      Buffer.from(` \t# comment \n\n\t log\t${LOG}   https://log.example/ \n#`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(
        `\nwitness K ${vkey('X1')} https://w.example/a?b#c\nwitness \u212a ${vkey('X2')}\n`,
      ),
      Buffer.from('witness '),
      Buffer.from([0xff]),
      Buffer.from(` ${vkey('X3')}\ngroup all all K \u212a\nquorum all\n`),
    ])
    const policy = parsePolicy(text)
    expect(policy.logs[0].url).toBe('https://log.example/')
    expect(policy.witnesses[0].url).toBe('https://w.example/a?b#c')
    expect(policy.witnesses).toHaveLength(3)
    expect(policy.groups[0]).toMatchObject({ label: 'all', threshold: 2 })
  })

  it('take 32 of each, and groups nested as deep as their size allows', () => {
    let text = `log ${LOG}\n`
    for (let i = 0; i < 32; i++) text += `witness w${i} ${formatVkey(keyOf(`w${i}.example`))}\n`
    text += 'group g0 any w0\n'
    for (let i = 1; i < 20_000; i++) text += `group g${i} 1 g${i - 1}\n`
    const policy = parsePolicy(`${text}quorum g19999\n`)
    expect(hasQuorum(policy, new Set([policy.witnesses[0]]))).toBe(true)
    expect(hasQuorum(policy, new Set([policy.witnesses[1]]))).toBe(false)
  })

  const w = witness('X1') + witness('X2')
  it.each([
    ['nothing', '', 1],
    ['no quorum', `log ${LOG}\n`, 2],
    ['two quorums', 'quorum none\nquorum none\n', 2],
    ['no LF at the end', `${w}quorum X1`, 3],
    ['no LF at the end of a comment', 'quorum none\n# comment', 2],
    ['a quorum that is not defined', 'quorum X1\n', 1],
    ['a quorum before its definition', `quorum X1\n${w}`, 1],
    ['an unknown keyword', `quorum none\nmirror ${LOG}\n`, 2],
    ['a keyword of every object', 'constructor x\nquorum none\n', 1],
    ['a keyword in capitals', 'Quorum none\n', 1],
    ['a CR', 'quorum none\r\n', 1],
    ['a NUL', 'quorum none\n\0\n', 2],
    ['a DEL', 'quorum none\n# \x7f\n', 2],
    ['too many items', `log ${LOG} https://a b\nquorum none\n`, 1],
    ['a log without a key', 'log\nquorum none\n', 1],
    ['a witness without a key', 'witness X1\nquorum none\n', 1],
    ['no group members', `${w}group g any\nquorum g\n`, 3],
    ['threshold 0', `${w}group g 0 X1\nquorum g\n`, 3],
    ['threshold 2 of 1', `${w}group g 2 X1\nquorum g\n`, 3],
    ['threshold 01', `${w}group g 01 X1\nquorum g\n`, 3],
    ['threshold -1', `${w}group g -1 X1\nquorum g\n`, 3],
    ['a member twice', `${w}group g any X1 X1\nquorum g\n`, 3],
    ['a member of two groups', `${w}group g any X1\ngroup h any X1\nquorum g\n`, 4],
    ['a group of itself', `${w}group g any g\nquorum g\n`, 3],
    ['the member none', `${w}group g any none\nquorum g\n`, 3],
    ['a group that is called none', `${w}group none any X1\nquorum none\n`, 3],
    ['a witness that is called none', `witness none ${vkey('X1')}\nquorum none\n`, 1],
    ['a name twice', `${w}group X1 any X2\nquorum X1\n`, 3],
    ['a witness key twice', `${w}witness Z ${vkey('X1')}\nquorum none\n`, 3],
    ['a log key twice', `log ${LOG}\nlog ${LOG}\nquorum none\n`, 2],
    ['a broken key', `log ${LOG.slice(0, -4)}\nquorum none\n`, 1],
    ['a log with a witness key', `log ${vkey('X1')}\nquorum none\n`, 1],
    ['a witness with a log key', `witness X ${LOG}\nquorum none\n`, 1],
    ['too many bytes', `#${'x'.repeat(1 << 20)}\nquorum none\n`, 0],
  ])('are refused with %s', (_, text, line) => {
    expect(() => parsePolicy(text)).toThrow(
      expect.objectContaining({
        code: 'POLICY_INVALID',
        details: { line, problem: expect.anything() },
      }),
    )
  })

  it('are refused where a key stands there again under another name', () => {
    const { type, publicKey } = keys.X1
    const again = formatVkey({ name: 'z', id: keyId('z', type, publicKey), type, publicKey })
    const text = `${w}witness Z ${again}\nquorum none\n`
    expect(() => parsePolicy(text)).toThrow('line 3: its key stands there already')
  })

  it('are refused where two keys have one name and one key ID', () => {
    const [a, b] = [1970, 93_280].map((number) => {
      const seed = Buffer.alloc(32)
      seed.writeUInt32BE(number)
      return signingKey('n', KEY_TYPE.cosignature, seed)
    })
    expect(a.id).toBe(b.id)
    expect(a.publicKey).not.toEqual(b.publicKey)
    const text = `witness a ${formatVkey(a)}\nwitness b ${formatVkey(b)}\nquorum none\n`
    expect(() => parsePolicy(text)).toThrow('line 2: another key has the same name and key ID')
  })

  it('are refused where a key is not UTF-8', () => {
    const key = formatVkey(keyOf('\ufffd'))
    expect(codeOf(() => parsePolicy(`witness a ${key}\nquorum none\n`))).toBe('none')
    const octets = Buffer.from(key.replace('\ufffd', '\xff'), 'latin1')
    const text = Buffer.concat([Buffer.from('witness a '), octets, Buffer.from('\nquorum none\n')])
    expect(() => parsePolicy(text)).toThrow('line 1: its key is not UTF-8')
  })

  it('end in our error or are read, whatever is changed in them', () => {
    const valid = Buffer.from(EXAMPLE)
    const words = fc.constantFrom(
      'quorum',
      'group',
      'none',
      ' ',
      '\n',
      'X1',
      'any',
      '3',
      '\xff',
      '#',
    )
    const change = fc.tuple(fc.nat(valid.length), fc.nat(40), words)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let bytes = valid
        for (const [at, cut, word] of changes) {
          const end = bytes.subarray(at + cut)
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(word, 'latin1'), end])
        }
        expect(['none', 'POLICY_INVALID']).toContain(codeOf(() => parsePolicy(bytes)))
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(['none', 'POLICY_INVALID']).toContain(codeOf(() => parsePolicy(bytes)))
      }),
    )
  })
})

describe('quorums', () => {
  it('are reached by the witnesses that the example asks for', () => {
    const names = Object.keys(keys)
    for (let set = 0; set < 64; set++) {
      const chosen = names.filter((_, i) => set & (1 << i))
      const count = (letter: string) => chosen.filter((name) => name.startsWith(letter)).length
      const policy = parsePolicy(EXAMPLE)
      const witnesses = policy.witnesses.filter(({ label }) => chosen.includes(label))
      const isQuorum = count('X') >= 2 && count('Y') >= 1
      expect(hasQuorum(policy, new Set(witnesses)), chosen.join()).toBe(isQuorum)
    }
  })

  it('count the witnesses of the policy that cosigned, and say when', () => {
    const { X1, X3, Y2 } = keys
    const result = outcome(EXAMPLE, [KEYS.log, Y2, KEYS.w1, X3, X1])
    expect(result.isQuorum).toBe(true)
    expect(result.log.name).toBe(ORIGIN)
    expect(result.checkpoint.size).toBe(5)
    expect(result.cosigned.map(({ key, timeS }) => [key.label, timeS])).toEqual([
      ['X1', TIME_S],
      ['X3', TIME_S],
      ['Y2', TIME_S],
    ])
    expect(outcome(EXAMPLE, [KEYS.log, Y2, X1]).isQuorum).toBe(false)
    const text = signedNote(5, [KEYS.log, Y2, X1])
    const act = () => requireQuorum(parsePolicy(EXAMPLE), parseNote(text))
    expect(act).toThrow('2 of its 6 witnesses cosigned it')
  })

  it('of none need the log alone; of one witness, that one', () => {
    expect(outcome(`log ${LOG}\nquorum none\n`, [KEYS.log]).isQuorum).toBe(true)
    const one = `log ${LOG}\n${witness('X1')}quorum X1\n`
    expect(outcome(one, [KEYS.log, keys.X1]).isQuorum).toBe(true)
    expect(outcome(one, [KEYS.log, keys.X2]).isQuorum).toBe(false)
  })

  it('are not reached twice by one witness', () => {
    const two = `log ${LOG}\n${witness('X1')}${witness('X2')}group g 2 X1 X2\nquorum g\n`
    expect(outcome(two, [KEYS.log, keys.X1, keys.X1]).isQuorum).toBe(false)
  })

  it('are nothing without a log of the policy, under its own name', () => {
    const code = (policy: string, signers: readonly SigningKey[]) =>
      codeOf(() => outcome(policy, signers))
    const none = 'quorum none\n'
    expect(code(none, [KEYS.log])).toBe('LOG_UNKNOWN')
    expect(code(`log ${LOG}\n${none}`, [keys.X1])).toBe('LOG_UNKNOWN')
    const other = keyOf('example.com/other', KEY_TYPE.ed25519)
    expect(code(`log ${formatVkey(other)}\n${none}`, [other])).toBe('LOG_UNKNOWN')
    expect(code(`log ${formatVkey(other)}\nlog ${LOG}\n${none}`, [other, KEYS.log])).toBe('none')
  })

  it('are nothing where any key of the policy does not hold', () => {
    const policy = parsePolicy(`log ${LOG}\n${witness('X1')}quorum none\n`)
    const note = parseNote(signedNote(5, [KEYS.log]))
    const stolen = parseNote(signedNote(6, [keys.X1])).signatures
    const both = { ...note, signatures: [...note.signatures, ...stolen] }
    expect(() => evaluate(policy, both)).toThrow(TelltaleError)
    expect(codeOf(() => evaluate(policy, both))).toBe('SIGNATURE_INVALID')
  })
})
