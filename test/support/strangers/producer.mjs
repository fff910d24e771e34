// An A1-P v2 producer that owes nothing to the code under test: plain node:http, a list of routes, callbacks.
// usage: node producer.mjs CONFIG.json, as for producer.py; prints one line of JSON with its port.
// It answers in HTTP/1.1 with chunks, interim responses, relative Location with percent-encoded ids, problem details,
// lower-case header names, and closes each connection when it likes.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const { basePath, tls, fault } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const base = basePath.replace(/\/+$/, '');
const types = {
  'stranger_switch_2.0.0': {
    policySchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.org/switch.json',
      type: 'object',
      required: ['ueId', 'allow'],
      properties: {
        ueId: { type: 'string', minLength: 3 },
        allow: { enum: [true, false] },
        cells: { type: 'array', prefixItems: [{ type: 'integer' }], minItems: 1 },
      },
      unevaluatedProperties: false,
    },
  },
  'stranger#second': { policySchema: { type: 'object' } },
};
const policies = {
  'stranger_switch_2.0.0': new Map(),
  'stranger#second': new Map([['theirs', { body: {} }]]),
};
policies['stranger_switch_2.0.0'].set('not/yours', { body: { ueId: 'abc', allow: true } });

const right = (p) =>
  p !== null &&
  typeof p === 'object' &&
  !Array.isArray(p) &&
  Object.keys(p).every((k) => ['ueId', 'allow', 'cells'].includes(k)) &&
  typeof p.ueId === 'string' &&
  p.ueId.length >= 3 &&
  typeof p.allow === 'boolean' &&
  (p.cells === undefined || (Array.isArray(p.cells) && p.cells.length > 0 && Number.isInteger(p.cells[0])));

const routes = [
  [
    'GET',
    /^\/policytypes\/?$/,
    (_, done) =>
      done(200, fault === 'list-of-objects' ? Object.keys(types).map((id) => ({ id })) : Object.keys(types)),
  ],
  ['GET', /^\/policytypes\/([^/]+)\/?$/, ({ type }, done) => done(200, types[type])],
  ['GET', /^\/policytypes\/([^/]+)\/policies\/?$/, ({ type }, done) => done(200, [...policies[type].keys()])],
  ['PUT', /^\/policytypes\/([^/]+)\/policies\/([^/]+)$/, put],
  [
    'GET',
    /^\/policytypes\/([^/]+)\/policies\/([^/]+)$/,
    ({ found }, done) => {
      if (!found || found.gone) return done(404);
      const { allow, ...rest } = found.body;
      done(200, fault === 'loses-a-member' ? rest : { cells: [1], ...rest, allow });
    },
  ],
  [
    'DELETE',
    /^\/policytypes\/([^/]+)\/policies\/([^/]+)$/,
    ({ type, id, found }, done) => {
      if (!found || found.gone) return done(404);
      if (fault === 'deletes-but-lists') found.gone = true;
      else policies[type].delete(id);
      if (fault === 'delete-200') done(200, { deleted: true });
      else done(204);
    },
  ],
  [
    'GET',
    /^\/policytypes\/([^/]+)\/policies\/([^/]+)\/status$/,
    ({ found }, done) => {
      if (!found) return done(404);
      const status = { enforceStatus: 'NOT_ENFORCED', enforceReason: 'SCOPE_NOT_APPLICABLE', since: null };
      done(
        200,
        { 'status-is-text': 'ENFORCED', 'status-without-state': { enforceStatus: true } }[fault] ?? status,
      );
    },
  ],
];

function put({ type, id, found, body, to, path }, done) {
  if (fault === 'dies-mid-case') process.exit(3);
  if (!right(body) && fault !== 'accepts-bad') {
    if (fault === 'keeps-bad') policies[type].set(id, { body });
    return done(fault === '422-for-bad' ? 422 : 400);
  }
  policies[type].set(id, { body: found && fault === 'update-ignored' ? found.body : body, to });
  notify(to, found?.to);
  const shown = fault === 'no-body' ? undefined : body;
  if (found) return done(200, shown);
  const encoded = `${path.slice(0, path.lastIndexOf('/') + 1)}%${id.charCodeAt(0).toString(16)}${encodeURIComponent(id.slice(1))}`;
  const location = { 'no-location': undefined, 'wrong-location': '/' }[fault] ?? encoded;
  done(fault === '200-for-created' ? 200 : 201, shown, fault === 'no-location' ? {} : { location });
}

function notify(to, old) {
  if (fault === 'never-notifies') return;
  const where =
    fault === 'notifies-old' && to && old ? old : fault === 'notifies-after-removal' ? (to ?? old) : to;
  if (!where) return;
  const body = JSON.stringify(fault === 'notifies-rubbish' ? ['ENFORCED'] : { enforceStatus: 'ENFORCED' });
  const method = fault === 'notifies-by-put' ? 'PUT' : 'POST';
  // At once, and again: that is what this one does.
  for (const afterMs of [0, 150])
    setTimeout(() => {
      const request = http.request(where, {
        method,
        headers: { 'content-type': 'application/json', expect: '100-continue' },
      });
      request.on('continue', () => request.end(body));
      request.on('response', (response) => response.resume());
      request.on('error', () => {});
      request.flushHeaders();
    }, afterMs);
}

function handle(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (fault === 'never-answers') return;
    const url = new URL(request.url, 'http://here');
    const done = (given, value, headers = {}) =>
      answer(response, fault === '500-for-unknown' && given === 404 ? 500 : given, { value, headers });
    if (!url.pathname.startsWith(`${base}/`)) return done(404);
    const path = url.pathname.slice(base.length);
    const fits = routes.filter(([, pattern]) => pattern.test(path));
    const route = fits.find(([method]) => method === request.method);
    if (fits.length === 0) return done(404);
    if (!route) return done(405);
    const [type, id] = route[1].exec(path).slice(1).map(decodeURIComponent);
    if (type !== undefined && !Object.hasOwn(types, type)) return done(404);
    let body = null;
    try {
      body = JSON.parse(Buffer.concat(chunks).toString());
    } catch {
      body = null;
    }
    const to = url.searchParams.get('notificationDestination');
    route[2](
      { type, id, body, to, path: url.pathname, found: type && id ? policies[type].get(id) : undefined },
      done,
    );
  });
}

function answer(response, status, { value, headers }) {
  response.shouldKeepAlive = true; // whatever the client asked for
  const error = status >= 400 && status !== 404 ? { type: 'about:blank', title: 'No', status } : undefined;
  const kind = error ? 'application/problem+json' : 'Application/JSON';
  const text = status === 204 ? '' : JSON.stringify(error ?? value);
  if (fault !== 'cut-off') response.writeEarlyHints?.({ link: '</style.css>; rel=preload' });
  response.writeHead(status, {
    ...headers,
    ...(text === '' || text === undefined
      ? {}
      : { 'content-type': fault === 'wrong-content-type' ? 'text/html' : kind }),
  });
  if (text === '' || text === undefined) response.end();
  else if (fault === 'cut-off') response.write(text.slice(0, 1), () => response.destroy());
  else {
    const half = text.length >> 1;
    response.write(`\n  ${text.slice(0, half)}`);
    setTimeout(() => response.end(`${text.slice(half)}\n`), 10);
  }
}

const server = tls
  ? https.createServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, handle)
  : http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
