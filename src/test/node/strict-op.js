// An OpenID provider that was not written by us and is strict: PKCE from everybody, refresh tokens
// that rotate, exact redirect URIs. Listens on a free port of 127.0.0.1, prints its issuer, then one
// line of JSON for each thing that happens. Ends when its input does, so that it cannot outlive the
// test that started it. Clients register themselves (RFC 7591).
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const ACCESS_TOKEN_SECONDS = 31;

const accounts = {
  alice: { name: 'Alice A', email: 'alice@example.com', email_verified: true, groups: ['users', 'admins'] },
  bob: { name: 'Bob B', email: 'bob@example.com', email_verified: false, groups: ['users'] },
};

function signingKey(kid, alg, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

const configuration = {
  jwks: {
    keys: [
      signingKey('rsa', 'RS256', 'rsa', { modulusLength: 2048 }),
      signingKey('pss', 'PS256', 'rsa', { modulusLength: 2048 }),
      signingKey('ec', 'ES256', 'ec', { namedCurve: 'P-256' }),
      signingKey('ed', 'EdDSA', 'ed25519'),
    ],
  },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  claims: {
    email: ['email', 'email_verified'],
    profile: ['name', 'groups'],
  },
  features: {
    backchannelLogout: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    encryption: { enabled: true },
    introspection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    registration: { enabled: true },
    requestObjects: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (ctx, id) =>
    accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
  // Its own guard against calls to loopback would keep it from telling a client on loopback of a
  // logout.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  ttl: { AccessToken: ACCESS_TOKEN_SECONDS, Grant: 3600, IdToken: 600, RefreshToken: 3600, Session: 3600, Interaction: 600 },
};

// Standard output is for what we tell; the library's own notices go to the log.
console.info = console.error;

function tell(event, detail) {
  process.stdout.write(`${JSON.stringify({ event, ...detail })}\n`);
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on('grant.success', (ctx) => tell('grant', { type: ctx.oidc.params.grant_type }));
  provider.on('grant.error', (ctx, error) => tell('grant refused', { why: error.error_description }));
  provider.on('authorization.error', (ctx, error) => tell('login refused', { why: error.error_description }));
  provider.on('pushed_authorization_request.success', () => tell('request pushed'));
  provider.on('backchannel.success', (ctx, client) => tell('told of logout', { client: client.clientId }));
  provider.on('backchannel.error', (ctx, error, client) => tell('logout not taken', { client: client.clientId, why: error.message }));
  provider.on('server_error', (ctx, error) => tell('fault', { why: error.stack }));
  server.on('request', provider.callback());
  tell('ready', { issuer });
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
