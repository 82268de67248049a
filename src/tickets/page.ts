/** A ticket with what may be seen of its customer. */
import { TelltaleError } from '../base/errors.ts'
import type { FactsPort, Release, Released } from '../disclosure/ports.ts'
import { mask } from '../guard/mask.ts'
import { checkNumber, checkRole } from './checks.ts'
import { channelOf } from './contacts.ts'
import type { CodeSender, TicketPage, TicketRow, Tickets } from './ports.ts'
import { type ReplyPorts, whyNoReply } from './replies.ts'
import type { CodeStore, TicketBoard, TicketStore } from './stores.ts'

/** What a page needs. */
export interface PagePorts extends ReplyPorts {
  readonly board: TicketBoard
  /** null: tickets of a guarded help desk, which are written on there. */
  readonly store: Pick<TicketStore, 'write'> | null
  readonly facts: FactsPort
  readonly release: Release
  readonly codes: Pick<CodeStore, 'live'>
  /** null: no codes are sent here. */
  readonly sender: Pick<CodeSender, 'channels'> | null
  readonly now: () => number
}

/** Shows tickets. */
export function createPages(ports: PagePorts): Pick<Tickets, 'page'> {
  return {
    page: async (caller, number) => {
      checkRole(caller)
      checkNumber(number)
      const agent = caller.agent.id
      const ticket = await ports.board.row(agent, number)
      if (ticket === null) throw new TelltaleError('TICKET_UNKNOWN', {})
      const because = { kind: 'ticket', number } as const
      const asked = { caller, because, fields: [], act: 'look', path: 'desk' } as const
      const [released, facts] = await Promise.all([
        ports.release(asked),
        ports.facts.read(caller, because),
      ])
      const assignedAtMs = facts.ticket?.assignedAtMs ?? null
      const [code, writable] = await Promise.all([
        ports.codes.live({ ticket: number, agent, assignedAtMs }, ports.now()),
        mayWrite(ports, ticket, released.customer),
      ])
      return {
        ticket,
        released,
        codeTo: codeTo(released, ports.sender),
        code,
        mayWrite: writable,
      }
    },
  }
}

/** Tells that there is a mail address, as the refusal of a reply would. */
async function mayWrite(
  ports: PagePorts,
  { state }: TicketRow,
  customer: string,
): Promise<TicketPage['mayWrite']> {
  if (ports.store === null || state === 'closed') return []
  return (await whyNoReply(ports, customer)) === null ? ['out', 'note'] : ['note']
}

/** Nothing that the page does not show anyway. */
function codeTo(released: Released, sender: PagePorts['sender']): TicketPage['codeTo'] {
  return released.fields.flatMap(({ field, view, value }) => {
    const channel = channelOf(field)
    if (value === null || channel === null || !sender?.channels.includes(channel)) return []
    return [{ field: field.name, masked: view === 'masked' ? value : mask(field.mask, value) }]
  })
}
