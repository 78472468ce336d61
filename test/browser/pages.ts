/** Every page of the console, once; a page that is not here is not looked at. */
import type { Stage } from "./stage.ts";

export interface ListedPage {
  readonly title: string;
  readonly path: (stage: Stage) => string | Promise<string>;
  /** 200 when it is left out. */
  readonly status?: number;
}

export const pages: readonly ListedPage[] = [
  { title: "nothing there", path: () => "/no-such-page", status: 404 },
  { title: "people", path: () => "/people" },
  { title: "people who are parked", path: () => "/people?state=parked" },
  { title: "people who have left", path: () => "/people?state=left" },
  { title: "people, nobody found", path: () => "/people?q=nobody" },
  { title: "a person", path: async (stage) => await personCalled(stage, "carla.rossi@example.com") },
  { title: "a person who is parked", path: async (stage) => await personCalled(stage, "elif.kaya@example.com") },
  { title: "a person, and a question", path: ({ ids }) => `/people/${ids["rightToLeft"]}?attribute=department` },
  { title: "a person called <script>", path: ({ ids }) => `/people/${ids["script"]}` },
  { title: "a person with a long name", path: ({ ids }) => `/people/${ids["long"]}` },
  { title: "a person's support bundle", path: ({ ids }) => `/people/${ids["mark"]}/bundle` },
  { title: "a person who is not here", path: () => "/people/00000000-0000-4000-8000-000000000000", status: 404 },
  { title: "why nobody is found", path: () => "/why?who=nobody%40example.com" },
  { title: "why, and nothing asked", path: () => "/why" },
  { title: "groups", path: () => "/groups" },
  { title: "a group with a name that is hard to show", path: ({ ids }) => `/groups/${ids["group"]}` },
  { title: "no such group", path: () => "/groups/nothing", status: 404 },
  { title: "activity", path: () => "/activity" },
  { title: "activity, refused", path: () => "/activity?kind=refused,fault" },
  { title: "activity of nobody", path: () => "/activity?who=nobody" },
  { title: "activity, followed", path: () => "/activity?follow=yes" },
  { title: "overview", path: () => "/" },
  { title: "overview of a week", path: () => "/?range=7d" },
  { title: "a name that was refused", path: () => "/why?who=ben.ito@example.com" },
  { title: "failed syncs", path: () => "/failed" },
  { title: "one cause", path: () => "/failed/mapping-value-unusable" },
  { title: "a cause that dead letters alone tell of", path: () => "/failed/never-finished" },
  { title: "all causes", path: () => "/failed/all" },
  { title: "nothing of a cause", path: () => "/failed/throttled" },
  { title: "a cause that there is not", path: () => "/failed/nosuch", status: 400 },
  { title: "giving up", path: () => "/failed/mapping-value-unusable/drop" },
  { title: "what was given up", path: () => "/failed?given-up=yes" },
  { title: "dead letters", path: () => "/failed/letters" },
  { title: "messages that are none of ours", path: () => "/failed/unreadable-message/drop" },
  { title: "the brake", path: () => "/failed/brake" },
  { title: "letting go", path: () => "/failed/brake/allow" },
  { title: "keeping", path: () => "/failed/brake/reject" },
  { title: "a run that is not known any more", path: () => "/failed/replays/none", status: 404 },
  { title: "a group that is not here", path: () => "/groups/00000000-0000-4000-8000-000000000000", status: 404 },
  { title: "mapping", path: () => "/mapping" },
  { title: "mapping of groups", path: () => "/mapping?type=Group" },
  { title: "connect", path: () => "/connect" },
  { title: "connect an identity provider", path: () => "/connect/entra" },
  { title: "a connection that is watched", path: ({ tokenId }) => `/connect/entra?token=${tokenId}` },
  { title: "settings", path: () => "/settings" },
  { title: "a token", path: () => "/settings/tokens/staging" },
  { title: "revoking a token", path: () => "/settings/tokens/staging/revoke" },
];

async function personCalled(stage: Stage, name: string): Promise<string> {
  return `/people/${await stage.idOf(name)}`;
}
