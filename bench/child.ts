/**
 * The process that measures one case: `child.ts <request as JSON>`. The
 * instruction set is that of GLN_ISA. Prints its answer as one line of JSON.
 */
import { addon } from './addon';
import { Bench } from './bench';
import { cases } from './cases';
import type { Answer, Request } from './protocol';

async function main(): Promise<void> {
  const request = JSON.parse(process.argv[2]) as Request;
  const { isa } = addon.buildInfo();
  const bench = new Bench(request, isa);
  const digest = await cases[request.case].run(bench);
  if (!request.quick) bench.recordBandwidth();
  const answer: Answer = { isa, digest, measurements: bench.measurements };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
