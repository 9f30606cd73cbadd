// What the page of results/ says of searches in NATS-Bench.

import type { Figures } from "../figures.ts";
import { plusMinus, table, verdict } from "../markdown.ts";
import { type Accuracies, budgets, datasets, type Searches, testsAt } from "./searches.ts";

/** Of a search on CIFAR-10 by 100 evaluations. */
const goals = { cifar10: 94.02, cifar100: 71.68, "ImageNet16-120": 44.95 } as const;
const titles = { cifar10: "CIFAR-10", cifar100: "CIFAR-100", "ImageNet16-120": "ImageNet16-120" } as const;
const BUDGET = 100;

/** Rows of the table of goals. */
export function searchGoals(searches: Searches | undefined): string[][] {
  if (searches === undefined) return [];
  return datasets.map((of) => {
    const figures = testsAt(searches, { on: "cifar10", budget: BUDGET, of }) as Figures;
    return [
      ...[`[NATS-Bench](#nats-bench), ${titles[of]}`, `${BUDGET} evaluations`, `${goals[of]} (set for this page)`],
      ...[plusMinus(figures), String(figures.returns.length), verdict(figures, goals[of])],
    ];
  });
}

export function searchSection(all: Searches): string {
  const { plan, searches } = all;
  const seeds = searches.filter(({ dataset }) => dataset === "cifar10").length;
  const rows = datasets.flatMap((on) =>
    budgets.flatMap((budget) => {
      const found = datasets.map((of) => testsAt(all, { on, budget, of }) as Figures);
      const random = plan.random[on][budget] as Accuracies;
      return [
        [`PPO on ${titles[on]}`, String(budget), ...found.map(plusMinus), String(found[0]?.steps)],
        [`random search on ${titles[on]}`, String(budget), ...random.map((value) => value.toFixed(2)), ""],
      ];
    }),
  );
  return [
    "## NATS-Bench",
    `An episode chooses the six operations of an architecture and is worth its validation accuracy after 12 epochs on the dataset that is searched on. What counts is the test accuracy after 200 epochs, in percent, of the architecture of the best validation by so many evaluations, each look at the table being one: the mean over ${seeds} seeds, and for random search its expectation. The best of the table are ${plan.best.map((value) => value.toFixed(2)).join(" / ")}.`,
    table({
      columns: ["search", "evaluations", ...datasets.map((of) => titles[of]), "PPO's last batch ended with"],
      rows,
    }),
    table({
      columns: ["", ""],
      rows: Object.entries({
        "environments side by side": String(plan.numEnvs),
        "hyper-parameters":
          "the first line of [searches.jsonl](NATS-Bench/searches.jsonl); tuned on seeds from 1001 on",
        table: `\`${plan.data}\``,
        proximal: plan.versions.proximal,
        Node: plan.versions.node,
        platform: plan.versions.platform,
        "made by": `\`npm run results:nats-bench -- FILE ${seeds}\`, with a table of one's own: the same table makes the same file`,
        "weights of each": "SHA-256 in [searches.jsonl](NATS-Bench/searches.jsonl)",
      }),
    }),
  ].join("\n\n");
}
