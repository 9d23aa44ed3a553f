/**
 * GLNs and other models side by side on the same rows: `npm run bench:peers`
 * (docs/performance.md).
 */
import { GlnError, savePlot } from 'gated-linear-networks';
import { PEERS } from './catalogue';
import { compare } from './comparison';
import { DATASET_NAMES, DEFAULT_DATASETS, openDataset } from './datasets';
import { isSkipped, LEAST_SHARE, type Line } from './figures';
import { type Flags, type Output, parseFlags } from './flags';
import { formatDataset, LEGEND, speedPlot } from './report';
import { whyNoPython } from './run-peer';
import { Workspace } from './workspace';

const CHOICES = {
  peers: PEERS.map(({ id }) => id),
  datasets: DATASET_NAMES,
  defaultDatasets: DEFAULT_DATASETS,
};

const CONSOLE: Output = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
};

/**
 * Runs the comparison.
 *
 * @param args the arguments, without the interpreter and the script
 * @returns the exit code: 0 for success, 1 where a model failed or an implementation
 *   of the same network predicted something else, 2 after a mistake in the flags;
 *   all are explained on stderr
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  output: Output = CONSOLE,
): Promise<number> {
  const flags = parseFlags(args, CHOICES, output);
  if (typeof flags === 'number') return flags;
  if (flags.python !== undefined) {
    const reason = await whyNoPython(flags.python);
    if (reason !== undefined) {
      output.stderr(`error: option '--python <path>': ${reason}\n`);
      return 2;
    }
  }
  const workspace = new Workspace();
  const stop = () => {
    workspace.remove();
    process.exit(130);
  };
  process.once('SIGINT', stop);
  try {
    return await run(flags, workspace, output);
  } catch (error) {
    // By its code: the class may be that of another copy of the package.
    const code: unknown = error instanceof Error && Reflect.get(error, 'code');
    if (!(error instanceof Error) || !String(code).startsWith('ERR_GLN_')) throw error;
    output.stderr(`error: ${error.message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', stop);
    workspace.remove();
  }
}

async function run(flags: Flags, workspace: Workspace, output: Output): Promise<number> {
  const { json, rows, seed, report } = flags;
  const limits = rows === undefined ? {} : { learn: rows, test: Math.ceil(rows / 2) };
  const plan = {
    peers: PEERS.filter(({ id }) => flags.only.includes(id)),
    samples: flags.samples,
    seed,
    python: flags.python ?? (process.env.GLN_PYTHON || 'python3'),
    onRun: (text: string) => {
      if (!json) output.stderr(`${text}\n`);
    },
  };
  const all: Line[] = [];
  const problems: string[] = [];
  for (const name of flags.data) {
    const dataset = await openDataset(name, seed, limits);
    const { lines, failures } = await compare(dataset, workspace, plan);
    all.push(...lines);
    problems.push(...failures, ...disagreements(lines));
    const text = json
      ? lines.map((line) => JSON.stringify(line)).join('\n')
      : `\n${formatDataset(dataset, lines)}\n`;
    output.stdout(`${text}\n`);
  }
  if (!json) output.stdout(`${LEGEND}\n`);
  if (report !== undefined) await draw(report, all);
  for (const problem of problems) output.stderr(`error: ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

/** Implementations of the same network that predicted something else. */
function disagreements(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => {
    if (isSkipped(line) || line.agreement === null) return [];
    const { share, largest } = line.agreement;
    if (share >= LEAST_SHARE) return [];
    const agreed = `agrees with ours on ${(100 * share).toFixed(2)} % of the rows`;
    return [`${line.dataset}: ${line.peer} ${agreed}, differs by up to ${largest}`];
  });
}

async function draw(path: string, lines: readonly Line[]): Promise<void> {
  if (lines.every(isSkipped)) {
    throw new GlnError('ERR_GLN_OPTION', 'report: expected models that ran, got none');
  }
  // Names that would touch each other are left out.
  await savePlot(path, speedPlot(lines), { width: 1200 });
}

if (require.main === module) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
