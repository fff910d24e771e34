// The other end of the raw gRPC measurement: mutual TLS, and a count of the messages that came.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';

const dist = new URL('../../dist/', import.meta.url);
const load = (path) => import(new URL(path, dist));
const [{ openCa }, { makeRequest }] = await Promise.all([
  load('src/adapters/ca-x509/ca.js'),
  load('runners/core/credentials.js'),
]);
const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-ca-'));
const ca = await openCa({ dir, hosts: ['localhost'], clock: { now: () => Date.now() } });
const own = await ca.issueServer();
const { keyPem, csr } = await makeRequest();
const { issue } = await ca.prepareRunner(csr);
const chain = await issue({ organisation: 'bench', testbed: 'bench/raw', runner: 'raw' });
rmSync(dir, { recursive: true, force: true });

const same = (bytes) => bytes;
const method = {
  path: '/bench.Raw/Count',
  requestStream: true,
  responseStream: true,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};
const server = new Server();
server.addService(
  { count: method },
  {
    count: async (call) => {
      let came = 0;
      call.on('data', () => (came += 1));
      await once(call, 'end');
      const answer = Buffer.alloc(4);
      answer.writeUInt32BE(came);
      call.write(answer);
      call.end();
    },
  },
);
const pem = (text) => Buffer.from(text);
const pair = { private_key: pem(own.keyPem), cert_chain: pem(own.chainPem) };
const trust = ServerCredentials.createSsl(pem(ca.certificatePem), [pair], true);
server.bindAsync('localhost:0', trust, (error, port) => {
  if (error !== null) throw error;
  process.send({ port, ca: ca.certificatePem, key: keyPem, chain });
});
process.on('disconnect', () => process.exit(0));
