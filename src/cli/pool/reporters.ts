// How the training of several seeds shows itself: a line for each run on a terminal, plain lines where the output goes
// elsewhere, JSON where it was asked for.

import type { Chart } from "../chart.ts";
import { LiveLines } from "../live-lines.ts";
import { duration, grouped } from "../numbers.ts";
import { barOf, fixed, percentOf, rounded } from "../reporters.ts";
import type { SeedSummary } from "../seed-summary.ts";
import type { Terminal } from "../terminal.ts";
import { sparkline } from "../terminal-plot.ts";
import { printable } from "../text.ts";
import type { SeedRun, SeedRuns, Stage } from "./runs.ts";
import { summaryText } from "./summary-text.ts";

/** Texts of one line may have names in them, and are made printable. */
export interface PoolReporter {
  /** What is being done, before it begins. */
  begin(text: string): void;
  /** A line of what a run prints with `--json`. */
  line(seed: number, line: Readonly<Record<string, unknown>>): void;
  /** A run has begun, come further, or ended. */
  moved(run: SeedRun): void;
  /** Something that has to be read: why a run ended, say. */
  note(text: string): void;
  /** Takes a display away. */
  clear(): void;
  /** @param curve of runs that all have one */
  end(summary: SeedSummary, files: string, curve?: Chart): void;
}

export function jsonPoolReporter(output: Terminal): PoolReporter {
  return {
    begin: () => {},
    line: (seed, { type, ...line }) => output.write(`${JSON.stringify({ type, seed, ...line })}\n`),
    moved: () => {},
    note: (text) => void process.stderr.write(`${printable(text)}\n`),
    clear: () => {},
    end: (summary) => output.write(`${JSON.stringify({ type: "summary", ...summary })}\n`),
  };
}

/** A line where a run begins or ends, and one for each twentieth of all. */
export function linePoolReporter(output: Terminal, runs: SeedRuns): PoolReporter {
  const stages = new Map<SeedRun, Stage>();
  let printed = Math.floor((20 * runs.steps) / runs.totalSteps);
  return {
    begin: (text) => output.write(`${printable(text)}\n`),
    line: () => {},
    moved(run) {
      if (stages.get(run) !== run.stage) {
        stages.set(run, run.stage);
        output.write(`${stageText(run)}\n`);
      }
      const twentieth = Math.floor((20 * runs.steps) / runs.totalSteps);
      if (twentieth <= printed) return;
      printed = twentieth;
      output.write(`${grouped(runs.steps)} of ${grouped(runs.totalSteps)} steps · ${totals(runs)}\n`);
    },
    note: (text) => output.write(`${printable(text)}\n`),
    clear: () => {},
    end: (summary, files, curve) => output.write(summaryText(summary, files, output.width, curve)),
  };
}

/** "seed 3: done after 102,400 steps, mean return 487.3" */
function stageText({ seed, stage, steps, meanReturn }: SeedRun): string {
  const after = steps > 0 ? ` after ${grouped(steps)} steps` : "";
  if (stage === "running") return `seed ${seed}: ${steps > 0 ? `goes on${after}` : "begins"}`;
  return `seed ${seed}: ${stage}${after}${meanReturn === null ? "" : `, mean return ${fixed(meanReturn)}`}`;
}

/** How long a picture stays, in milliseconds. */
const FRAME = 100;

/** A line for each run as far as there is room, and one for all, redrawn in place at most ten times a second. */
export function livePoolReporter(output: Terminal, runs: SeedRuns): PoolReporter {
  const lines = new LiveLines(output);
  let drawnAt = Number.NEGATIVE_INFINITY;
  let due: NodeJS.Timeout | undefined;
  const draw = (): void => {
    due = undefined;
    drawnAt = performance.now();
    lines.show(display(runs, output));
  };
  const clear = (): void => {
    clearTimeout(due);
    due = undefined;
    lines.clear();
  };
  return {
    begin: (text) => output.write(`${printable(text)}\n`),
    line: () => {},
    moved() {
      const rest = drawnAt + FRAME - performance.now();
      if (rest <= 0) draw();
      else due ??= setTimeout(draw, rest);
    },
    note(text) {
      clear();
      output.write(`${printable(text)}\n`);
    },
    clear,
    end(summary, files, curve) {
      clear();
      output.write(summaryText(summary, files, output.width, curve));
    },
  };
}

const words: Readonly<Record<Stage, string>> = {
  ...{ waiting: "waiting", running: "", done: "done", failed: "failed", saved: "saved" },
};
const styles = { waiting: "gray", running: "reset", done: "green", failed: "red", saved: "yellow" } as const;

/** Which runs are shown first where there is not room for all. */
const order: readonly Stage[] = ["running", "failed", "saved", "waiting", "done"];

function display(runs: SeedRuns, output: Terminal): string[] {
  const width = Math.max(40, Math.min(output.width, 120));
  // One line is that of all, and one is left to what was there before.
  const room = Math.max(1, output.height - 2);
  const byStage = order.flatMap((stage) => runs.all.filter((run) => run.stage === stage));
  const shown = new Set(byStage.slice(0, room));
  const digits = String(runs.all.at(-1)?.seed).length;
  const rows = runs.all.filter((run) => shown.has(run)).map((run) => rowOf(run, digits, width, output));
  // Room for the ^C that a terminal may add, which would otherwise begin another line.
  return [...rows, totals(runs, width - 3)];
}

/** A run in one line: its bar, or what has become of it; steps and mean return, and its course where there is room. */
function rowOf(run: SeedRun, digits: number, width: number, output: Terminal): string {
  const isWide = width >= 72;
  const gap = isWide ? "  " : " ";
  const label = `seed ${String(run.seed).padStart(digits)}`;
  const numbers = isWide
    ? `${grouped(run.steps).padStart(11)} steps${gap}mean return ${fixed(run.meanReturn ?? Number.NaN).padStart(8)}`
    : `${rounded(run.steps).padStart(6)}${fixed(run.meanReturn ?? Number.NaN).padStart(9)}`;
  const percent = percentOf(run.share);
  const rest = width - 1 - label.length - numbers.length - percent.length - 2 * gap.length;
  const barWidth = isWide ? Math.ceil(rest / 2) : Math.max(0, rest);
  const stage =
    run.stage === "running"
      ? `${barOf(run.share, barWidth, output)}${percent}`
      : output.style(styles[run.stage], words[run.stage].padEnd(barWidth + percent.length));
  const curve = isWide ? sparkline(run.returns, Math.max(0, rest - barWidth - gap.length)) : "";
  return `${label}${gap}${stage}${gap}${numbers}${curve === "" ? "" : gap + output.style("cyan", curve)}`;
}

/** All runs together, as much of it as there is room for. */
function totals(runs: SeedRuns, room = Number.POSITIVE_INFINITY): string {
  const { stepsPerSecond, secondsLeft } = runs;
  const counts = (["done", "running", "failed", "saved", "waiting"] as const)
    .map((stage) => [runs.count(stage), stage] as const)
    .filter(([count]) => count > 0);
  const failed = runs.count("failed");
  // Nothing is known before the second iteration.
  const left = Number.isFinite(secondsLeft) ? [`${duration(secondsLeft)} left`] : [];
  const whole = [...counts.map((each) => each.join(" ")), `${grouped(stepsPerSecond)} steps/s`, ...left];
  const short = [
    `${runs.count("done")}/${runs.all.length} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...left,
    `${rounded(stepsPerSecond)} steps/s`,
  ];
  const texts = [whole, short, short.slice(0, -1)].map((parts) => parts.join(" · "));
  return texts.find((text) => text.length <= room) ?? (texts.at(-1) as string).slice(0, room);
}
