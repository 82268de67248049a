import './styles/index.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from './api/queries.ts'
import { claimAfterDirectory } from './api/sign-in.ts'
import { Gate } from './app/gate.tsx'
import { THEME } from './app/theme.ts'

await claimAfterDirectory()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={THEME}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={makeQueryClient()}>
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
