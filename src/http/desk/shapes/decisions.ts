/** Decisions for other support tools. */
import Type from 'typebox'
import { id, nullable, oneOf, shape } from './base.ts'
import { fieldNames } from './shown.ts'

/** `POST /decisions`: may this agent see these fields now? If so they are logged and given. */
export const decision = shape({
  agent: id('Who would see them'),
  ticket: id('The ticket that they work on; it has to be theirs in the guarded source'),
  customer: Type.Optional(
    nullable(
      id('The customer that the tool believes the ticket to be about: refused if it is not'),
    ),
  ),
  fields: fieldNames,
  act: oneOf(['look', 'reveal'], 'As a page shows by itself, or clear where policies allow it'),
})
