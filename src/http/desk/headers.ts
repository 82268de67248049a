/** Headers that every answer of the desk has. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const NONE = ["'none'"]
const SELF = ["'self'"]

/** What a page of the desk may do: run its own scripts and talk to its own server. No text becomes
 * markup or a script. docs/desk.md, "The console". */
const POLICY = {
  defaultSrc: NONE,
  scriptSrc: SELF,
  styleSrc: SELF,
  imgSrc: SELF,
  connectSrc: SELF,
  formAction: NONE,
  frameAncestors: NONE,
  baseUri: NONE,
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: NONE,
}

const YEAR_S = 365 * 86_400

/** What of a browser's own devices a page may use: nothing but passkeys. */
const PERMISSIONS = [
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  ...[
    'camera',
    'microphone',
    'geolocation',
    'display-capture',
    'usb',
    'serial',
    'hid',
    'payment',
  ].map((name) => `${name}=()`),
].join(', ')

/** `secure`: whether the desk is reached over TLS. */
export async function addHeaders(app: FastifyInstance, secure: boolean): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    crossOriginEmbedderPolicy: true,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: YEAR_S, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS)
    reply.header('request-id', request.id)
    // What is not said otherwise is kept by nobody.
    reply.header('cache-control', 'no-store')
  })
}
