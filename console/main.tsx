import './styles/index.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from './api/queries.ts'
import { claimAfterDirectory, takeFailure } from './api/sign-in.ts'
import { Gate } from './app/gate.tsx'
import { THEME } from './app/theme.ts'

await claimAfterDirectory()
const failure = takeFailure()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={THEME}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={makeQueryClient()}>
        <Gate failure={failure} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
