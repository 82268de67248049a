import { Button } from '@mantine/core'
import type { Grant } from '../../../src/http/desk/shapes/grants.ts'
import { askRaw } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { counted } from '../../words.ts'

const NAME = /filename="?([\w.-]+)"?/

/** Makes the file of an approved export. */
export function Export({ grant }: { grant: Grant }) {
  const make = useAct(async () => {
    const path = `/grants/${encodeURIComponent(grant.id)}/export`
    const response = await askRaw(path, {
      method: 'POST',
      body: {},
      idempotencyKey: crypto.randomUUID(),
      accept: 'text/csv, application/problem+json',
    })
    const name = NAME.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export.csv'
    hand(await response.blob(), name)
  })
  return (
    <section className="card" aria-labelledby="export">
      <h2 id="export">Export</h2>
      <p>
        The file is recorded with each of {counted(grant.customerCount, 'customer')}, and carries
        invented customers of its own: should it leak, they tell.
      </p>
      <Button onClick={make.run} loading={make.busy}>
        Make the file
      </Button>
      <Outcome act={make} />
    </section>
  )
}

/** Hands a file to the browser's downloads. */
function hand(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url))
}
