import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseEntry, sealerFor } from '../../src/tlog/entry.ts'
import { disclosure, idsFrom } from './disclosures.ts'
import { naiveParts, only, padded, sealer } from './forge.ts'

describe('the curious witness, who has a list with the true customer, agent and ticket on it', () => {
  const agents = Array.from({ length: 50 }, (_, i) => `agent-${100 + i}`)
  const customers = Array.from({ length: 200 }, (_, i) => `C-${1000 + i}`)
  const tickets = Array.from({ length: 20 }, (_, i) => `T-${10 + i}`)
  const truth = { agent: agents[17], customers: [customers[42]], reference: tickets[3] }
  const entry = only(sealer.seal(disclosure(truth), idsFrom(77)))
  const { header, sealed } = naiveParts(entry)
  const publicHashes = (plain: Buffer | string) => {
    const digest = (...parts: (Buffer | string)[]) =>
      createHash('sha256')
        .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
        .digest('base64url')
    const id = Buffer.from(header.id, 'base64url')
    return [
      digest(plain),
      digest(id, plain),
      digest(header.id, plain),
      digest(Buffer.alloc(32), plain),
    ]
  }

  it('recomputes the commitment from no guess, the true content included', () => {
    const whole = JSON.parse(JSON.stringify(sealer.open(entry).disclosure))
    expect(whole).toMatchObject(truth)
    let isTruthGuessed = false
    for (const agent of agents) {
      for (const customer of customers) {
        const text = `{"agent":"${agent}","customers":["${customer}"],"fields":["mail","phone"],"masked":["passport"],"reference":"${tickets[3]}","session":"s-1"}`
        for (const hash of publicHashes(padded(text))) expect(hash).not.toBe(header.commitment)
        isTruthGuessed ||= agent === truth.agent && customer === truth.customers[0]
      }
    }
    expect(isTruthGuessed).toBe(true)
    for (const one of [...agents, ...customers, ...tickets]) {
      for (const hash of publicHashes(one)) expect(hash).not.toBe(header.commitment)
    }
  })

  it('finds no name in the bytes, plain or encoded', () => {
    for (const one of [truth.agent, truth.customers[0], truth.reference, 'mail', 's-1']) {
      for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const) {
        const spelt = Buffer.from(one).toString(encoding).replace(/=+$/, '').slice(0, -1)
        expect(entry.includes(spelt, 0, 'latin1'), spelt).toBe(false)
      }
    }
  })

  it('gets no pseudonym from a name without the epoch key', () => {
    for (const agent of agents) {
      for (const key of [Buffer.alloc(32), Buffer.from(header.id, 'base64url')]) {
        expect(sealerFor({ epoch: 3, key: padded(key).subarray(0, 32) }).pseudonym(agent)).not.toBe(
          header.agent,
        )
      }
    }
    expect(sealer.pseudonym(truth.agent)).toBe(header.agent)
    const nextEpoch = sealerFor({ epoch: 4, key: Buffer.alloc(32, 0xa2) })
    expect(nextEpoch.pseudonym(truth.agent)).not.toBe(header.agent)
  })

  it('sees one length whatever name of the list it is, and nothing the same twice', () => {
    const seen = new Set<number>()
    const values = new Set<string>()
    let count = 0
    for (const agent of agents) {
      for (const customer of customers.slice(0, 20)) {
        const d = disclosure({ agent, customers: [customer], reference: tickets[count % 20] })
        const parsed = parseEntry(only(sealer.seal(d, idsFrom(1000 + count++))))
        seen.add(parsed.sealed.length)
        for (let at = 0; at < parsed.sealed.length; at += 16) {
          values.add(parsed.sealed.toString('hex', at, at + 16))
        }
      }
    }
    expect(seen).toEqual(new Set([sealed.length]))
    expect(values.size).toBe((count * sealed.length) / 16)
  })

  it('sees another commitment and ciphertext each time the same is shown again', () => {
    const again = naiveParts(only(sealer.seal(disclosure(truth), idsFrom(78))))
    expect(again.header.commitment).not.toBe(header.commitment)
    expect(again.sealed.subarray(0, 16)).not.toEqual(sealed.subarray(0, 16))
    expect(again.header.agent).toBe(header.agent)
  })
})
