import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Found } from '../../../src/http/desk/shapes/search.ts'
import { spokenMask } from '../../words.ts'
import { OpenTicket } from './open-ticket.tsx'

/** A customer who was found, masked, and what can be done for them. */
export function Result({ found, place }: { found: Found; place: string }) {
  const [isOpening, setOpening] = useState(false)
  const navigate = useNavigate()
  const { fields, openTicketYours, handle } = found
  return (
    <article className="result" aria-label={`Found: ${place}`}>
      <dl className="fields">
        {fields
          .filter(({ value }) => value !== null)
          .map(({ name, label, view, value }) => (
            <div className="field" key={name}>
              <dt>{label}</dt>
              <dd>
                {view === 'clear' ? (
                  <span className="plain">{value}</span>
                ) : (
                  <span className="masked">
                    <span aria-hidden>{value}</span>
                    <span className="sr">{spokenMask(value!)}</span>
                  </span>
                )}
              </dd>
            </div>
          ))}
      </dl>
      <div className="row">
        {openTicketYours !== null && (
          <Link className="button-link" to="/tickets/$number" params={{ number: openTicketYours }}>
            Go to your ticket {openTicketYours}
          </Link>
        )}
        <Button variant="default" aria-expanded={isOpening} onClick={() => setOpening(!isOpening)}>
          Open a ticket for them
        </Button>
        <Button
          variant="default"
          onClick={() => navigate({ to: '/exceptions/ask', state: { handles: [handle] } })}
        >
          Ask for an exception
        </Button>
      </div>
      {isOpening && <OpenTicket handle={handle} />}
    </article>
  )
}
