/** The states of a list as links beside one another, each with how many there are as far as that is counted. */
import { type ListedCounts, type ListedState, listedStates } from "../../ops/listed/list-resources.ts";
import { countText } from "../../ops/listed/waiting-counts.ts";
import { whole } from "../../ops/words.ts";
import { html, type Html, nothing } from "../html.ts";

const titles: Readonly<Record<ListedState, string>> = {
  all: "All",
  waiting: "Waiting",
  parked: "Parked",
  "given-up": "Given up",
  left: "Left",
};

export interface Tab {
  readonly title: string;
  readonly href: string;
  readonly isHere: boolean;
  readonly count?: string;
}

/** Groups do not leave. */
export function stateTabs(
  counts: ListedCounts,
  { here, isGroups, hrefTo }: { here?: ListedState; isGroups: boolean; hrefTo: (state: ListedState) => string },
): Html {
  const states = listedStates.filter((state) => !isGroups || state !== "left");
  const tabOf = (state: ListedState): Tab => {
    const count = countOf(counts, state);
    return { title: titles[state], href: hrefTo(state), isHere: state === here, ...(count !== undefined && { count }) };
  };
  return tabs("By state", states.map(tabOf));
}

export function tabs(label: string, all: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">
    ${all.map(
      ({ title, href, isHere, count }) =>
        html`<a href="${href}" ${isHere ? html`aria-current="page"` : nothing}
          >${title}${count === undefined ? nothing : html` <span class="count">${count}</span>`}</a
        >`,
    )}
  </nav>`;
}

function countOf(counts: ListedCounts, state: ListedState): string | undefined {
  switch (state) {
    case "all":
      return whole(counts.total);
    case "waiting":
      return countText(counts.waiting);
    case "parked":
      return countText(counts.parked);
    case "given-up":
      return countText(counts.givenUp);
    case "left":
      return undefined;
  }
}
