/** Figures in one form: a JSON object a line, or a line for people. */
export interface Figure {
  readonly workload: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** Of the measured seconds, of the server's process tree. */
  readonly serverCpuSeconds: number;
  readonly [detail: string]: string | number | boolean;
}

export type Report = (figure: Figure) => void;

export function reporter(json: boolean): Report {
  return ({ workload, metric, value, unit, serverCpuSeconds, ...details }) => {
    const rounded = round(value);
    const figure = { workload, metric, value: rounded, unit, serverCpuSeconds: round(serverCpuSeconds), ...details };
    if (json) console.log(JSON.stringify(figure));
    else {
      const which = Object.entries(details).map(([name, detail]) => `${name} ${detail}`);
      console.log(`${workload.padEnd(7)} ${which.join(', ').padEnd(24)} ${metric.padEnd(24)} ${rounded} ${unit}`);
    }
  };
}

export function percentile(samples: readonly number[], part: number): number {
  if (samples.length === 0) return 0;
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)]!;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}
