/** The results as a table (Markdown), as data (JSON), and as a plot (SVG). */
import { cpus, loadavg } from 'node:os';
import { type Result, spreadOf } from './measurement.ts';

export interface Machine {
  readonly measuredAt: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  /** Average number of running processes in the minute before, the benchmark's own not among them. */
  readonly loadBefore: number;
}

export function thisMachine(): Machine {
  const [processor] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    node: process.version,
    processor: processor?.model ?? 'unknown',
    cores: cpus().length,
    loadBefore: loadavg()[0] ?? 0,
  };
}

export function markdown(machine: Machine, results: readonly Result[]): string {
  const { measuredAt, node, processor, cores, loadBefore } = machine;
  return [
    `Measured ${measuredAt} on ${processor}, ${cores} cores, Node ${node}; load of the machine before: ${loadBefore.toFixed(1)}.`,
    '',
    '| system | how | workload | per second: median (min to max) | p50 ms | p99 ms | bytes each | server CPU us each |',
    '|---|---|---|---|---|---|---|---|',
    ...results.map(row),
    '',
  ].join('\n');
}

function row({ system, how, workload, unit, runs }: Result): string {
  const rate = spreadOf(runs, 'perSecond');
  const rates = rate === undefined ? '' : `${whole(rate.median)} ${unit} (${whole(rate.min)} to ${whole(rate.max)})`;
  const others = (['p50Ms', 'p99Ms', 'bytesPerTransfer', 'cpuMicroseconds'] as const).map((figure) => {
    const spread = spreadOf(runs, figure);
    return spread === undefined ? '' : spread.median.toFixed(1);
  });
  return `| ${[system, how, workload, rates, ...others].join(' | ')} |`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

const WIDTH = 960;
const LABEL_WIDTH = 430;
const ROW_HEIGHT = 26;
const MARGIN = 20;
const colours: Readonly<Record<string, string>> = { wallet: '#2f6f4f', PostgreSQL: '#31648c', TigerBeetle: '#a05a2c' };

/** Bars of transfers per second, the least to the greatest run as a line over each. */
export function svg(results: readonly Result[]): string {
  const bars = results.filter(({ unit }) => unit === 'transfers');
  const most = Math.max(...bars.map(({ runs }) => spreadOf(runs, 'perSecond')?.max ?? 0));
  const scale = (WIDTH - LABEL_WIDTH - 120) / most;
  const height = bars.length * ROW_HEIGHT + 2 * MARGIN + 20;
  const drawn = bars.map((result, n) => bar(result, MARGIN + 20 + n * ROW_HEIGHT, scale));
  const title = `<text x="${MARGIN}" y="${MARGIN + 4}" font-weight="bold">Durable transfers per second</text>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13">`;
  return `${head}<rect width="100%" height="100%" fill="white"/>${title}${drawn.join('')}</svg>\n`;
}

function bar({ system, how, workload, runs }: Result, y: number, scale: number): string {
  const { min, median, max } = spreadOf(runs, 'perSecond') ?? { min: 0, median: 0, max: 0 };
  const x = (rate: number) => (LABEL_WIDTH + rate * scale).toFixed(1);
  const colour = colours[system] ?? '#666666';
  const middle = y + ROW_HEIGHT / 2;
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end">${escaped(`${system}, ${how}: ${workload}`)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y + 4}" width="${(median * scale).toFixed(1)}" height="${ROW_HEIGHT - 8}" fill="${colour}"/>`,
    `<line x1="${x(min)}" x2="${x(max)}" y1="${middle}" y2="${middle}" stroke="black"/>`,
    `<text x="${(LABEL_WIDTH + max * scale + 8).toFixed(1)}" y="${middle + 4}">${whole(median)}</text>`,
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
