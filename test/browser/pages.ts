/** Every page of the console, once; a page that is not here is not looked at. */
import type { Stage } from "./stage.ts";

export interface ListedPage {
  readonly title: string;
  readonly path: (stage: Stage) => string | Promise<string>;
  /** 200 when it is left out. */
  readonly status?: number;
}

export const pages: readonly ListedPage[] = [{ title: "nothing there", path: () => "/no-such-page", status: 404 }];
