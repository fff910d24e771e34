// Many simulated runners in one process: each has its own connection, says Hello and keeps its heartbeat.
const dist = new URL('../../dist/', import.meta.url);
const { Connection } = await import(new URL('runners/core/connection.js', dist));
const AT_ONCE = 20;

process.on('message', async ({ endpoint, ca, credentials }) => {
  const waiting = [...credentials];
  const dial = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await attach(endpoint, ca, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, dial));
});
process.on('disconnect', () => process.exit(0));

function attach(endpoint, caPem, { keyPem, chainPem }) {
  const stream = new Connection(endpoint, { caPem, keyPem, chainPem }).attach();
  return new Promise((resolve) => {
    stream.on('error', (error) => {
      process.stderr.write(`a runner lost its line: ${error.message}\n`);
      resolve();
    });
    stream.on('data', ({ ok, value, error }) => {
      if (!ok) throw error;
      if (value.kind === 'welcome') {
        const beat = () => stream.write({ kind: 'heartbeat', runs: [] });
        // Spread over the period, as runners that start at different times are.
        setTimeout(() => setInterval(beat, value.heartbeatMs * 0.8), Math.random() * value.heartbeatMs);
        beat();
        resolve();
      }
      if (value.kind !== 'desired') return;
      const at = performance.timeOrigin + performance.now();
      for (const { run, want } of value.runs) if (want === 'run') process.send({ run, at });
    });
    stream.write({
      kind: 'hello',
      protocolVersions: [1],
      capabilities: [],
      tools: {},
      knownRuns: [],
      boot: 1,
      slots: 1,
    });
  });
}
