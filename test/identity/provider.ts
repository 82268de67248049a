/** A real identity provider on loopback, with its own login form. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'

/** What the provider knows of somebody. */
export interface Account {
  readonly email?: string
  readonly email_verified?: boolean
  readonly oid?: string
}

/** Who registers: the desk. */
export const CLIENT = { id: 'telltale', secret: 'a secret of the desk and its provider' }

/** `redirectUris`: where it may send browsers back to. Any password is right; the login `NAME+strong`
 * is NAME with the authentication context `strong`. */
export async function startProvider(
  redirectUris: readonly string[],
  accounts: Readonly<Record<string, Account>>,
) {
  let listener: (request: IncomingMessage, response: ServerResponse) => unknown = () => {}
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const quiet = silenced()
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        require_auth_time: true,
      },
    ],
    acrValues: ['strong'],
    claims: { openid: ['sub', 'oid'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: true,
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['one'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...accounts[sub] }) }),
  })
  quiet()
  const handle = provider.callback()
  listener = async (request, response) => {
    const isLogin = request.method === 'POST' && request.url?.startsWith('/interaction/')
    if (!isLogin) return handle(request, response)
    const form = new URLSearchParams(await text(request))
    if (form.get('prompt') !== 'login') return consent(provider, request, response)
    const [accountId, acr] = form.get('login')!.split('+')
    const login = { accountId, ...(acr && { acr }) }
    return provider.interactionFinished(request, response, { login })
  }
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { issuer, close }
}

async function consent(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const { session, params, prompt } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({
    accountId: session!.accountId,
    clientId: params.client_id as string,
  })
  const { missingOIDCScope = [], missingOIDCClaims = [] } = prompt.details as never as {
    missingOIDCScope?: string[]
    missingOIDCClaims?: string[]
  }
  grant.addOIDCScope(missingOIDCScope.join(' '))
  grant.addOIDCClaims(missingOIDCClaims)
  const grantId = await grant.save()
  return provider.interactionFinished(request, response, { consent: { grantId } })
}

/** The provider warns that its forms are for development, which this is. */
function silenced(): () => void {
  const { info, warn } = console
  console.info = console.warn = () => {}
  return () => {
    console.info = info
    console.warn = warn
  }
}
