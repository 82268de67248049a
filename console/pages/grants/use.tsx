import { useState } from 'react'
import type { Grant } from '../../../src/http/desk/shapes/grants.ts'
import type { Released, ShownField } from '../../../src/http/desk/shapes/shown.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { Fields } from '../../parts/fields/fields.tsx'

/** The customers of an approved exception, one at a time, each field by itself. */
export function GrantCustomers({ grant }: { grant: Grant }) {
  const [which, setWhich] = useState(0)
  const { agent, words } = useMe()
  const named = words.fields.filter(({ name }) => grant.fields.includes(name))
  const fields: ShownField[] = named.map((field) => ({
    ...field,
    view: 'hidden',
    value: null,
    onReveal: 'clear',
    advice: 'reveal',
    policies: [],
  }))
  const all = Array.from({ length: grant.customerCount }, (_, index) => index)
  const reveal = (field: string) =>
    act<Released>(`/grants/${encodeURIComponent(grant.id)}/reveal`, { which, fields: [field] })
  return (
    <section className="card" aria-labelledby="customers">
      <h2 id="customers">
        Customer {which + 1} of {grant.customerCount}
      </h2>
      {all.length > 1 && (
        <fieldset className="choice">
          <legend className="sr">Which customer</legend>
          {all.map((index) => (
            <button
              key={index}
              type="button"
              aria-pressed={index === which}
              onClick={() => setWhich(index)}
            >
              {index + 1}
            </button>
          ))}
        </fieldset>
      )}
      <Fields
        key={which}
        fields={fields}
        reveal={reveal}
        recorded={(label) => `${agent.name}, ${label.toLowerCase()}, for this exception`}
        askFor={null}
      />
    </section>
  )
}
