import type { Command } from 'commander';

import type { TraceEnd } from '../../app/trace.ts';
import { exitCodeFor } from '../../domain/exit-code.ts';
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
  registerJudge(trace, cli);
  registerRedact(trace, cli);
}

interface JudgeOptions extends JsonOption {
  readonly plan: string;
  readonly udpPort?: readonly number[];
  readonly complete?: true;
}

function registerJudge(trace: Command, cli: Cli): void {
  trace
    .command('judge')
    .description('judge what two products said to each other in a capture by the trace properties of a plan')
    .argument('<file>', 'a capture (pcap, pcapng) that anybody made')
    .requiredOption('--plan <id>', 'the plan that states the properties')
    .option('--udp-port <port>', 'a UDP port that carries SCTP, if it is not found; repeatable', addPort)
    .option('--complete', 'the capture is known to have lost nothing: what it does not have was not said')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: JudgeOptions) => {
      const { judgeByPlan, verdictsOf } = await import('../../app/judge-trace.ts');
      const { renderJudged, judgedJson } = await import('../render-judged.ts');
      const { json, plan, udpPort, complete } = options;
      const judged = await judgeByPlan(file, {
        ...{ plan, isComplete: complete === true, signal: cli.io.signal },
        ...(udpPort === undefined ? {} : { udpPorts: udpPort }),
      });
      const about = { file, plan };
      if (json === true) cli.io.stdout(`${JSON.stringify(judgedJson(judged, about), null, 2)}\n`);
      else cli.io.stdout(renderJudged(judged));
      const { counts, messages: shown, cutAt } = judged;
      const end = { shown, counts, ...(cutAt === undefined ? {} : { cutAt }) };
      for (const line of remarks(end)) cli.io.stderr(`patchbay: ${line}\n`);
      cli.exit(exitCodeFor(verdictsOf(judged)));
    });
}

interface RedactCommandOptions extends JsonOption {
  readonly out: string;
  readonly udpPort?: readonly number[];
}

function registerRedact(trace: Command, cli: Cli): void {
  trace
    .command('redact')
    .description('write a capture again without identities and keys of subscribers')
    .argument('<file>', 'a capture (pcap, pcapng) that anybody made')
    .requiredOption('--out <file>', 'where to write it (pcapng)')
    .option('--udp-port <port>', 'a UDP port that carries SCTP, if it is not found; repeatable', addPort)
    .option('--json', 'print what was done as JSON')
    .action(async (file: string, { out, udpPort, json }: RedactCommandOptions) => {
      const { redactFile } = await import('../../app/redact-trace.ts');
      const ports = udpPort === undefined ? {} : { udpPorts: udpPort };
      const counts = await redactFile(file, { out, signal: cli.io.signal, ...ports });
      const { written, frames, messages, masked, leftOut } = counts;
      const text = [
        `${written} of ${frames} frames written, ${messages} messages read`,
        `${masked} chunks that cannot be read are zeros, ${leftOut} frames left out`,
      ];
      cli.io.stdout(json === true ? `${JSON.stringify({ file, out, ...counts })}\n` : `${text.join('\n')}\n`);
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
