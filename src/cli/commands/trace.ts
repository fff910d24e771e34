import type { Command } from 'commander';

import type { TraceEnd } from '../../app/trace.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';

interface ShowOptions extends JsonOption {
  readonly protocol?: string;
  readonly udpPort?: readonly number[];
  readonly ladder?: string;
  readonly brief?: true;
}

/** `patchbay trace …`: messages that somebody has captured or logged. */
export function registerTrace(program: Command, cli: Cli): void {
  const trace = program.command('trace').description('messages in captures and in the observations of cases');
  trace
    .command('show')
    .description('show the messages in a capture (pcap, pcapng) or in stored observations, decoded')
    .argument('<file>', 'a capture, or the exchange evidence of a case')
    .option('--protocol <name>', 'only messages of this one (e2ap); those that name none are taken for it')
    .option('--udp-port <port>', 'a UDP port that carries SCTP, if it is not found; repeatable', addPort)
    .option('--ladder <file>', 'write a diagram as SVG')
    .option('--brief', 'one line a message, without what is in it')
    .option('--json', 'print one JSON object a line')
    .action(async (file: string, options: ShowOptions) => {
      const { readTrace, renderMessage } = await import('../../app/trace.ts');
      const { json, brief, udpPort, protocol, ladder } = options;
      const messages = readTrace(file, {
        ...(protocol === undefined ? {} : { protocol }),
        ...(udpPort === undefined ? {} : { udpPorts: udpPort }),
        ...(ladder === undefined ? {} : { ladder }),
      });
      for (;;) {
        cli.io.signal.throwIfAborted();
        const next = await messages.next();
        if (next.done === true) {
          for (const line of remarks(next.value)) cli.io.stderr(`patchbay: ${line}\n`);
          return;
        }
        const text = json === true ? `${JSON.stringify(next.value)}\n` : null;
        cli.io.stdout(text ?? renderMessage(next.value, { brief: brief === true }));
      }
    });
}

function addPort(text: string, ports: readonly number[] = []): readonly number[] {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new HarnessError('WRONG_USE', `"${text}" is no port`);
  return [...ports, port];
}

/** What a reader has to know to trust what was shown. */
function remarks({ shown, counts, cutAt }: TraceEnd): readonly string[] {
  if (counts === undefined) return [`${shown} messages`];
  const { frames, associations, retransmissions, missing, wrongChecksum, malformed, cut, unknownLink } =
    counts;
  const odd = [
    [retransmissions, 'DATA chunks were sent again'],
    [missing, 'DATA chunks arrived and are not in the capture'],
    [wrongChecksum, 'packets have a wrong checksum and were left out'],
    [malformed, 'packets of SCTP cannot be read'],
    [cut, 'packets were cut by the capture'],
    [unknownLink, 'frames are of a link that is not read'],
  ] as const;
  return [
    `${shown} messages in ${frames} frames, ${associations} associations`,
    ...odd.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
    ...(cutAt === undefined ? [] : [`the file ends inside of a record, at offset ${cutAt}`]),
  ];
}
