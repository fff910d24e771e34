import type { Command } from 'commander';

import type { JudgedCapture } from '../../app/judge-trace.ts';
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
  readonly live?: string;
}

function registerJudge(trace: Command, cli: Cli): void {
  trace
    .command('judge')
    .description(
      'judge what two products say to each other, in a capture or live, by the properties of a plan',
    )
    .argument('[file]', 'a capture (pcap, pcapng) that anybody made')
    .requiredOption('--plan <id>', 'the plan that states the properties')
    .option('--live <device>', 'instead of a file: what passes on a network device, until Ctrl-C')
    .option('--udp-port <port>', 'a UDP port that carries SCTP, if it is not found; repeatable', addPort)
    .option('--complete', 'the capture is known to have lost nothing: what it does not have was not said')
    .option('--json', 'print the result as JSON; live, what is new as an object a line before it')
    .action(async (file: string | undefined, options: JudgeOptions) => {
      const { live, complete } = options;
      if ((file === undefined) === (live === undefined))
        throw new HarnessError('WRONG_USE', 'name either a file or a device (--live)');
      if (live !== undefined && complete === true)
        throw new HarnessError('WRONG_USE', 'nobody knows of a live capture that it is complete');
      const judged =
        file === undefined
          ? await judgeOnDevice(cli, live ?? '', options)
          : await judgeFile(cli, file, options);
      await printJudged(cli, judged, { ...options, file: file ?? live ?? '' });
    });
}

async function judgeFile(
  cli: Cli,
  file: string,
  { plan, udpPort, complete }: JudgeOptions,
): Promise<JudgedCapture> {
  const { judgeByPlan } = await import('../../app/judge-trace.ts');
  const { makeReadingProgress } = await import('../../app/reading-progress.ts');
  const progress = await makeReadingProgress(cli.io, file);
  try {
    return await judgeByPlan(file, {
      ...{ plan, isComplete: complete === true, signal: cli.io.signal, onProgress: progress.show },
      ...(udpPort === undefined ? {} : { udpPorts: udpPort }),
    });
  } finally {
    progress.done();
  }
}

async function judgeOnDevice(
  { io }: Cli,
  device: string,
  { plan, udpPort, json }: JudgeOptions,
): Promise<JudgedCapture> {
  const { judgeLive } = await import('../../app/judge-live.ts');
  const { programsOf } = await import('../../app/judge-trace.ts');
  const { newsJson, renderNews } = await import('../render-judged.ts');
  return judgeLive(device, {
    ...{ programs: await programsOf(plan), signal: io.signal },
    ...(udpPort === undefined ? {} : { udpPorts: udpPort }),
    onReady: () => io.stderr(`patchbay: judging what passes on ${device}; Ctrl-C ends it\n`),
    onNews: (news) => io.stdout(json === true ? `${JSON.stringify(newsJson(news))}\n` : renderNews(news)),
  });
}

async function printJudged(
  cli: Cli,
  judged: JudgedCapture,
  { json, plan, file }: JudgeOptions & { readonly file: string },
): Promise<void> {
  const { verdictsOf } = await import('../../app/judge-trace.ts');
  const { renderJudged, judgedJson } = await import('../render-judged.ts');
  if (json === true) cli.io.stdout(`${JSON.stringify(judgedJson(judged, { file, plan }), null, 2)}\n`);
  else cli.io.stdout(renderJudged(judged));
  const { counts, messages: shown, cutAt } = judged;
  const end = { shown, counts, ...(cutAt === undefined ? {} : { cutAt }) };
  for (const line of remarks(end)) cli.io.stderr(`patchbay: ${line}\n`);
  cli.exit(exitCodeFor(verdictsOf(judged)));
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
